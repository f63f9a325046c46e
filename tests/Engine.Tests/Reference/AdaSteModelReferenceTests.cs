using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Engine.Tests.Cuda;
using ReSTE.Native.Engine.Tests.Operations;
using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Reference;

/// <summary>
/// One training step of AdaSTE's networks. Double precision against the recorded double precision decides whether everything agrees; single
/// precision is held to what one flipped ReLU may do, and its factor to the recorded latent weights and gradients.
/// </summary>
[Trait("Category", "Reference")]
public sealed class AdaSteModelReferenceTests
{
    // Every suite runs where the two forms of the factor differ; the other files take minutes, and build/check-adaste.sh asks for them.
    private const string Files = "adaste.model.*.safetensors", Quick = "adaste.model.*.mu0.25.safetensors";

    private const double Tolerance = 1e-9, FactorInSingle = 1e-5;

    // Three times the worst of the recorded single-precision runs: activations are real, and a flipped ReLU moves what lies before it.
    private const double GradientInSingle = 6e-2;

    public static TheoryData<string, int> OnEveryVector(string pattern) =>
        CpuVectors.Each(ReferenceFiles.Names(ReferenceFiles.Folder, pattern));

    [Theory]
    [MemberData(nameof(ReferenceFiles.Matching), Quick, MemberType = typeof(ReferenceFiles))]
    public void The_reference_device_agrees_in_double(string file) => AgreesInDouble(file);

    [Theory]
    [MemberData(nameof(OnEveryVector), Quick)]
    public void The_cpu_device_agrees_in_single(string file, int vectorBits)
    {
        using var device = new CpuDevice(2, vectorBits);
        AgreesInSingle(file, device);
    }

    [Theory(Explicit = true)]
    [MemberData(nameof(ReferenceFiles.Matching), Files, MemberType = typeof(ReferenceFiles))]
    public void Every_file_agrees_in_double(string file) => AgreesInDouble(file);

    [Theory(Explicit = true)]
    [MemberData(nameof(OnEveryVector), Files)]
    public void Every_file_agrees_in_single_on_the_cpu(string file, int vectorBits)
    {
        using var device = new CpuDevice(2, vectorBits);
        AgreesInSingle(file, device);
    }

    [Theory(Explicit = true)]
    [Trait("Category", "Device")]
    [MemberData(nameof(ReferenceFiles.Matching), Files, MemberType = typeof(ReferenceFiles))]
    public void Every_file_agrees_in_single_on_the_cuda_device(string file)
    {
        GpuUnderTest.Require();
        GpuUnderTest.Use(GpuUnderTest.Orders[^1], device => AgreesInSingle(file, device));
    }

    private static void AgreesInDouble(string file)
    {
        var model = new AdaSteCase(file);
        using var device = new ReferenceDevice();
        using NetworkRun run = model.Build(device);
        run.Tape.Forward();
        run.Tape.Backward();
        Check(file, "logits", device.ReadReals(run.Logits.Value), model.File.ReadFloat64("f64.step0.logits"), Tolerance);
        Check(file, "loss", [run.LossValue], model.File.ReadFloat64("f64.step0.loss"), Tolerance);
        CheckStatistics(file, model, run, Tolerance);
        AdaSteNumbers map = model.Numbers(AdaSteCase.Faithful);
        foreach (Parameter p in run.Parameters.Parameters)
        {
            double[] theta = p.Read();
            Check(file, "theta", model.Select(p.Name, theta), model.Recorded("theta", p.Name), Tolerance);
            Check(file, "forward", model.Select(p.Name, [.. theta.Select(map.Map)]), model.Recorded("forward", p.Name), Tolerance);
            CheckGradient(file, model, p, Tolerance);
            if (model.HasDirection(p.Name))
                CheckFactor(file, model, p, theta);
        }

        foreach (string form in AdaSteCase.Forms)
            CheckUpdates(file, model, run, form);
    }

    private static void AgreesInSingle(string file, Device device)
    {
        var model = new AdaSteCase(file);
        using NetworkRun run = model.Build(device);
        run.Tape.Forward();
        run.Tape.Backward();
        double noise = ModelCase.Distance(model.File.ReadFloat64("step0.logits"), model.File.ReadFloat64("f64.step0.logits"));
        Check(file, "logits", device.ReadReals(run.Logits.Value), model.File.ReadFloat64("f64.step0.logits"), 3 * noise + 3e-5);
        Check(file, "loss", [run.LossValue], model.File.ReadFloat64("f64.step0.loss"), 1e-5);
        CheckStatistics(file, model, run, 1e-3);
        foreach (Parameter p in run.Parameters.Parameters)
        {
            CheckGradient(file, model, p, GradientInSingle);
            if (model.HasDirection(p.Name))
                CheckFactorInSingle(file, model, p.Name, device);
        }
    }

    /// <summary>Counts over all of a parameter, and the factor where it was recorded.</summary>
    private static void CheckFactor(string file, AdaSteCase model, Parameter p, double[] theta)
    {
        double[] gradient = p.ReadGradient(), at = model.Recorded("theta", p.Name), recorded = model.Recorded("grad", p.Name);
        foreach (string form in AdaSteCase.Forms)
        {
            AdaSteNumbers numbers = model.Numbers(form);
            long[] counts = new long[model.Regions.Length];
            for (int i = 0; i < theta.Length; i++)
                counts[Array.IndexOf(model.Regions, model.Region(theta[i], gradient[i], form))]++;
            Assert.Equal(model.File.ReadInt64($"f64.count.{form}/{p.Name}"), counts);
            double[] factors = model.File.ReadFloat64($"f64.factor.{form}_value/{p.Name}");
            for (int i = 0; i < factors.Length; i++)
            {
                Assert.True(Math.Abs(factors[i] - numbers.Factor(at[i + 1], recorded[i + 1])) <= Tolerance,
                    $"{file}: {p.Name}: {form} factor at {i} of theta {at[i + 1]:r}, g {recorded[i + 1]:r} is not {factors[i]:r}");
            }
        }
    }

    /// <summary>By the device's step without momentum, decay and gain, on the recorded numbers.</summary>
    private static void CheckFactorInSingle(string file, AdaSteCase model, string name, Device device)
    {
        double[] theta = model.Recorded("theta", name)[1..], gradient = model.Recorded("grad", name)[1..];
        foreach (string form in AdaSteCase.Forms)
        {
            double[] factors = model.File.ReadFloat64($"f64.factor.{form}_value/{name}");
            double[] scaled = Comparison.Outputs(device, 1, bench =>
            {
                var shape = new Shape(theta.Length);
                Tensor latent = bench.Input("theta", shape, theta), dw = bench.Input("dw", shape, gradient);
                Tensor momentum = bench.InOut("momentum", shape, new double[theta.Length], Tolerances.Exact);
                Tensor factor = bench.Input("factor", new Shape(AdaSteNumbers.Count), model.Numbers(form).ToFactor());
                Tensor knobs = bench.Input("knobs", new Shape(5), [1, 0, 1, 0, 1]), steps = bench.Input("steps", new Shape(1), [1]);
                return kernels => kernels.AdaSteStep(latent, dw, momentum, steps, factor, knobs);
            })["momentum"];
            for (int i = 0; i < factors.Length; i++)
            {
                double expected = factors[i] * (float)gradient[i];
                Assert.True(Math.Abs(scaled[i] - expected) <= FactorInSingle * Math.Abs(expected),
                    $"{file}: {name}: {form} at {i}: {scaled[i]:r}, expected {expected:r}");
            }
        }
    }

    private static void CheckUpdates(string file, AdaSteCase model, NetworkRun run, string form)
    {
        model.Update(run, form, mixes: false);
        CheckAll(file, model, run, $"scaled.{form}", AdaSteCase.Momentum);
        if (form == AdaSteCase.WithDeadZone)
            return;
        model.Update(run, form);
        CheckAll(file, model, run, $"momentum.{form}", AdaSteCase.Momentum);
        CheckAll(file, model, run, $"theta1.{form}", p => p);
        model.Update(run, form, resumed: true);
        CheckAll(file, model, run, $"momentum_resumed.{form}", AdaSteCase.Momentum);
        CheckAll(file, model, run, $"theta1_resumed.{form}", p => p);
    }

    private static void CheckAll(string file, AdaSteCase model, NetworkRun run, string quantity, Func<Parameter, StateTensor> which)
    {
        foreach (Parameter p in run.Parameters.Parameters.Where(p => model.HasDirection(p.Name)))
            Check(file, $"{quantity} of {p.Name}", model.Select(p.Name, which(p).Read()), model.Recorded(quantity, p.Name), Tolerance);
    }

    private static void CheckStatistics(string file, AdaSteCase model, NetworkRun run, double tolerance)
    {
        Assert.NotEmpty(run.Parameters.Statistics);
        foreach (StateTensor s in run.Parameters.Statistics)
        {
            double[] whole = s.Read();
            double[] ours = [.. model.File.ReadInt64("step0.buffer_index/" + s.Name).Select(i => whole[i])];
            Check(file, s.Name, ours, model.File.ReadFloat64("f64.step0.buffer_value/" + s.Name), tolerance);
        }
    }

    /// <summary>A bias straight before a norm has a gradient of rounding noise, and no direction.</summary>
    private static void CheckGradient(string file, AdaSteCase model, Parameter p, double tolerance)
    {
        double[] gradient = p.ReadGradient();
        if (model.HasDirection(p.Name))
            Check(file, "gradient of " + p.Name, model.Select(p.Name, gradient), model.Recorded("grad", p.Name), tolerance);
        else
            Assert.True(gradient.All(v => Math.Abs(v) <= 1e-5), $"{file}: {p.Name}: should vanish, is {gradient.Max(Math.Abs)}");
    }

    private static void Check(string file, string what, double[] ours, double[] recorded, double tolerance)
    {
        double distance = ModelCase.Distance(ours, recorded);
        Assert.True(distance <= tolerance,
            $"{file}: {what}: distance {distance:e3} exceeds {tolerance:e3}; first value {ours[0]:r}, recorded {recorded[0]:r}");
    }
}
