using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Engine.Tests.Cuda;
using ReSTE.Native.Ops;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Reference;

/// <summary>
/// Whole first steps of the published networks. Our double-precision reference against the recorded double-precision numbers
/// decides whether the formula agrees; the CPU and CUDA devices in single precision are held to the recorded distance of
/// PyTorch's own single-precision run.
/// </summary>
[Trait("Category", "Reference")]
public sealed class ModelReferenceTests
{
    // Double against double: both round in the sixteenth digit, and no threshold flips there.
    private const double Tolerance = 1e-9;

    [Theory]
    [MemberData(nameof(ReferenceFiles.Matching), "model.cifar10.resnet20.*.safetensors", MemberType = typeof(ReferenceFiles))]
    [MemberData(nameof(ReferenceFiles.Matching), "model.cifar10.resnet20_1w1a.*.safetensors", MemberType = typeof(ReferenceFiles))]
    public void The_reference_device_agrees_in_double(string file)
    {
        var model = new ModelCase(file);
        using var device = new ReferenceDevice();
        using NetworkRun run = model.Build(device);
        model.Feed(run, 0);
        run.Tape.Forward();
        run.Tape.Backward();

        Check(file, "logits", device.ReadReals(run.Logits.Value), model.File.ReadFloat64("f64.step0.logits"));
        Check(file, "loss", [run.LossValue], [model.File.ReadFloat64("f64.losses")[0]]);
        foreach (Parameter p in run.Parameters.Parameters)
            Check(file, p.Name, model.Select("grad", p.Name, p.ReadGradient()), model.Recorded("f64.", "grad", p.Name));
        foreach (StateTensor s in run.Parameters.Statistics)
            Check(file, s.Name, model.Select("buffer", s.Name, s.Read()), model.Recorded("f64.", "buffer", s.Name));
        CheckIndicators(model, run, file);
    }

    // Binary networks with binary activations: single-precision noise moves no threshold, so PyTorch's own noise is the yardstick.
    // Elsewhere one flipped ReLU or sign moves everything after it, also between two runs of PyTorch.
    [Theory]
    [MemberData(nameof(OnEveryVector))]
    public void The_cpu_device_agrees_in_single(string file, int vectorBits)
    {
        using var device = new CpuDevice(2, vectorBits);
        AgreesInSingle(file, device);
    }

    [Theory]
    [Trait("Category", "Device")]
    [MemberData(nameof(ReferenceFiles.Matching), "model.cifar10.resnet20.*.safetensors", MemberType = typeof(ReferenceFiles))]
    [MemberData(nameof(ReferenceFiles.Matching), "model.cifar10.resnet20_1w1a.*.safetensors", MemberType = typeof(ReferenceFiles))]
    public void The_cuda_device_agrees_in_single(string file)
    {
        GpuUnderTest.Require();
        GpuUnderTest.Use(GpuUnderTest.Orders[^1], device => AgreesInSingle(file, device));
    }

    [Theory]
    [Trait("Category", "Device")]
    [MemberData(nameof(ReferenceFiles.Matching), "model.cifar10.resnet20.*.safetensors", MemberType = typeof(ReferenceFiles))]
    [MemberData(nameof(ReferenceFiles.Matching), "model.cifar10.resnet20_1w1a.*.safetensors", MemberType = typeof(ReferenceFiles))]
    public void The_first_two_losses_on_cuda_are_those_of_the_cpu(string file)
    {
        GpuUnderTest.Require();
        var model = new ModelCase(file);
        using var cpu = new CpuDevice(2);
        using NetworkRun expected = model.Build(cpu);
        GpuUnderTest.Use(GpuUnderTest.Orders[0], device =>
        {
            using NetworkRun actual = model.Build(device);
            for (int step = 0; step < 2; step++)
                Check(file, $"loss of step {step}", [Loss(model, actual, step)], [Loss(model, expected, step)], 1e-4);
        });
    }

    private static double Loss(ModelCase model, NetworkRun run, int step)
    {
        model.Feed(run, step);
        run.Tape.Run();
        return run.LossValue;
    }

    private static void AgreesInSingle(string file, Device device)
    {
        var model = new ModelCase(file);
        using NetworkRun run = model.Build(device);
        bool strict = model is { IsBinary: true, RealActivations: false };
        double[] noise = [.. run.Parameters.Parameters.Where(p => HasDirection(model, p))
            .Select(p => Noise(model, "grad", p.Name)).Order()];
        double median = noise[noise.Length / 2];

        model.Feed(run, 0);
        run.Tape.Run();
        double[] logits = model.File.ReadFloat64("f64.step0.logits");
        double logitNoise = 3 * ModelCase.Distance(model.File.ReadFloat64("step0.logits"), logits) + (strict ? 2e-6 : 3e-5);
        Check(file, "logits", device.ReadReals(run.Logits.Value), logits, logitNoise);
        Check(file, "loss", [run.LossValue], [model.File.ReadFloat64("f64.losses")[0]], 1e-5);
        foreach (Parameter p in run.Parameters.Parameters)
        {
            double tolerance = strict ? 3 * Math.Max(HasDirection(model, p) ? Noise(model, "grad", p.Name) : 0, median) + 2e-6 : 3e-2;
            Check(file, p.Name, model.Select("grad", p.Name, p.ReadGradient()), model.Recorded("f64.", "grad", p.Name), tolerance);
        }

        foreach (StateTensor s in run.Parameters.Statistics)
            Check(file, s.Name, model.Select("buffer", s.Name, s.Read()), model.Recorded("f64.", "buffer", s.Name), strict ? 2e-6 : 1e-3);

        model.Feed(run, 1);
        run.Tape.Run();
        Check(file, "loss of step 1", [run.LossValue], [model.File.ReadFloat64("f64.losses")[1]], 1e-4);
    }

    public static TheoryData<string, int> OnEveryVector()
    {
        var data = new TheoryData<string, int>();
        foreach (string pattern in new[] { "model.cifar10.resnet20.*.safetensors", "model.cifar10.resnet20_1w1a.*.safetensors" })
            foreach (string file in ReferenceFiles.Names(ReferenceFiles.Folder, pattern))
                foreach (int bits in CpuVectors.Available)
                    data.Add(file, bits);
        return data;
    }

    private static bool HasDirection(ModelCase model, Parameter p) => ModelCase.Norm(model.Recorded("f64.", "grad", p.Name)) >= 1e-9;

    /// <summary>How far PyTorch's single-precision run lies from its double-precision run.</summary>
    private static double Noise(ModelCase model, string kind, string name) =>
        ModelCase.Distance(model.Recorded("", kind, name), model.Recorded("f64.", kind, name));

    private static void Check(string file, string what, double[] ours, double[] recorded, double tolerance = Tolerance)
    {
        if (ModelCase.Norm(recorded) < 1e-9) // a bias straight before another batch norm has no direction
        {
            Assert.True(ours.All(v => Math.Abs(v) <= 1e-5), $"{file}: {what}: should vanish, is {ours.Max(Math.Abs)}");
            return;
        }

        double distance = ModelCase.Distance(ours, recorded);
        Assert.True(distance <= tolerance,
            $"{file}: {what}: distance {distance:e3} exceeds {tolerance:e3}; first value {ours[0]:r}, recorded {recorded[0]:r}");
    }

    private static void CheckIndicators(ModelCase model, NetworkRun run, string file)
    {
        IReadOnlyList<Parameter> measured = Indicators.Measured(run.Parameters);
        using var slab = new Slab(run.Device);
        Tensor result = slab.Place(run.Device.NewTensor("indicators", new Shape(2 * measured.Count), ElementType.Float64));
        slab.Commit();
        new Indicators(run.Parameters, measured, result).Forward(run.Device.Kernels);
        var values = new double[2 * measured.Count];
        run.Device.Read<double>(result, values);
        Check(file, "estimating error", [values[..measured.Count].Sum()], model.File.ReadFloat64("f64.step0.estimating_error_o3"));
        Check(file, "gradient stability", [values[measured.Count..].Sum()], model.File.ReadFloat64("f64.step0.gradient_stability"));
    }
}
