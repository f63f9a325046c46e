using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Engine.Tests.Cuda;

namespace ReSTE.Native.Engine.Tests.Reference;

/// <summary>On images of 32x32.</summary>
[Trait("Category", "Reference")]
public sealed class CifarModelReferenceTests : ModelReference
{
    private const string Files = "model.cifar10.*.safetensors";

    /// <summary>Every file on tensor cores and on plain kernels; of the larger networks, which take the emulator minutes, one.</summary>
    public static TheoryData<string, bool> OnCuda()
    {
        var data = new TheoryData<string, bool>();
        foreach (string file in ReferenceFiles.Names(ReferenceFiles.Folder, Files))
            foreach (bool plainKernels in new[] { false, true })
            {
                bool isLong = GpuUnderTest.IsEmulated && !file.Contains("resnet20", StringComparison.Ordinal);
                data.Add(Long.When(isLong, new TheoryDataRow<string, bool>(file, plainKernels)));
            }

        return data;
    }

    public static TheoryData<string, int> OnEveryVector() => CpuVectors.Each(ReferenceFiles.Names(ReferenceFiles.Folder, Files));

    /// <summary>In plain loops the larger networks take a minute each.</summary>
    public static TheoryData<string> OnReference() =>
    [
        .. ReferenceFiles.Names(ReferenceFiles.Folder, Files)
            .Select(file => Long.When(!file.Contains("resnet20", StringComparison.Ordinal), new TheoryDataRow<string>(file))),
    ];

    [Theory]
    [MemberData(nameof(OnReference))]
    public void The_reference_device_agrees_in_double(string file) => AgreesInDouble(file);

    [Theory]
    [MemberData(nameof(OnEveryVector))]
    public void The_cpu_device_agrees_in_single(string file, int vectorBits)
    {
        using var device = new CpuDevice(2, vectorBits);
        AgreesInSingle(file, device);
    }

    [Theory]
    [Trait("Category", "Device")]
    [MemberData(nameof(OnCuda))]
    public void The_cuda_device_agrees_in_single(string file, bool plainKernels)
    {
        GpuUnderTest.Require();
        string order = GpuUnderTest.Orders[^1];
        if (plainKernels)
            GpuUnderTest.Use(order, device => AgreesInSingle(file, device), plainKernels: true);
        else // of a batch that small a unit is finished by the next only if asked
            GpuUnderTest.Use(order, fewestImageBlocks: 1, device => AgreesInSingle(file, device, inParts: true));
    }

    [Theory]
    [Trait("Category", "Device")]
    [MemberData(nameof(ReferenceFiles.Matching), "model.cifar10.resnet20*.safetensors", MemberType = typeof(ReferenceFiles))]
    public void The_first_two_losses_on_cuda_are_those_of_the_cpu(string file)
    {
        GpuUnderTest.Require();
        var model = new ModelCase(file);
        using var cpu = new CpuDevice(2);
        using NetworkRun expected = model.Build(cpu);
        GpuUnderTest.Use(GpuUnderTest.Orders[0], device =>
        {
            using NetworkRun actual = model.Build(device);
            Check(file, "loss of step 0", [Loss(model, actual, 0)], [Loss(model, expected, 0)], 1e-4);
            CheckSecondLoss(file, model, actual, expected);
        });
    }
}
