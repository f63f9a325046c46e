using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Engine.Tests.Cuda;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Engine.Tests.Reference;

/// <summary>On images of 224x224: minutes of plain loops in double.</summary>
[Trait("Category", "Reference")]
[Trait("Category", "Slow")]
public sealed class ImageNetModelReferenceTests : ModelReference
{
    private const string Files = "model.imagenet.*.safetensors";

    public static TheoryData<string> OnReference() =>
        [.. ReferenceFiles.Names(ReferenceFiles.Folder, Files).Select(file => Long.When(true, new TheoryDataRow<string>(file)))];

    public static TheoryData<string, int> OnEveryVector() =>
    [
        .. ReferenceFiles.Names(ReferenceFiles.Folder, Files).SelectMany(file => CpuVectors.Available
            .Select(bits => Long.When(IsLarger(file) || bits != VectorWidth.Widest, new TheoryDataRow<string, int>(file, bits)))),
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

    // A minute or two each on the emulator, so only where it is asked for: see build/emulate-imagenet.sh.
    [Theory(Explicit = true)]
    [Trait("Category", "Device")]
    [MemberData(nameof(ReferenceFiles.Matching), Files, MemberType = typeof(ReferenceFiles))]
    public void The_cuda_device_agrees_in_single(string file)
    {
        GpuUnderTest.Require();
        GpuUnderTest.Use(GpuUnderTest.Orders[^1], device => AgreesInSingle(file, device));
    }

    private static bool IsLarger(string file) => file.Contains("resnet34", StringComparison.Ordinal);
}
