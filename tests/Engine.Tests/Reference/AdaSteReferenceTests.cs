using System.Globalization;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Engine.Tests.Operations;
using ReSTE.Native.Estimators;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Reference;

/// <summary>AdaSTE as the published code computes it, on a grid with every boundary, over 40 steps, and its schedule of mu.</summary>
[Trait("Category", "Reference")]
public sealed class AdaSteReferenceTests
{
    private const double Tolerance = 1e-5;

    private const string Forward = "forward.mu";

    private const int Seed = 1;

    public static TheoryData<string> Files => ReferenceFiles.Matching("adaste.safetensors");

    [Theory]
    [MemberData(nameof(Files))]
    public void Map_and_factor_agree_on_every_device(string name)
    {
        SafetensorsFile file = ReferenceFiles.Open(name);
        double[] theta = file.ReadFloat64("theta"), gradient = file.ReadFloat64("grad");
        string[] mus = [.. file.Tensors.Select(t => t.Name).Where(n => n.StartsWith(Forward, StringComparison.Ordinal))
            .Select(n => n[Forward.Length..])];
        Assert.NotEmpty(mus);
        foreach (string mu in mus)
        {
            AdaSteNumbers numbers = Numbers(file, double.Parse(mu, CultureInfo.InvariantCulture));
            double[] mapped = file.ReadFloat64(Forward + mu), scaled = file.ReadFloat64("scaled_grad.mu" + mu);
            Check(name, $"forward at mu {mu}", [.. theta.Select(numbers.Map)], mapped);
            Check(name, $"scaled gradient at mu {mu}", [.. theta.Zip(gradient, (t, g) => numbers.Factor(t, g) * g)], scaled);
            Comparison.OnEveryDevice(device =>
            {
                var outputs = Comparison.Outputs(device, Seed, bench => Scaled(bench, theta, gradient, numbers));
                Check(name, $"forward at mu {mu}, {device.Description}", outputs["w"], mapped);
                Check(name, $"scaled gradient at mu {mu}, {device.Description}", outputs["momentum"], scaled);
            });
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Forty_steps_agree_on_every_device(string name)
    {
        SafetensorsFile file = ReferenceFiles.Open(name);
        Comparison.OnEveryDevice(device =>
        {
            using var bench = new KernelBench(device, Seed);
            const string Prefix = "trajectory.theta";
            double[] start = file.ReadFloat64(Prefix + "0");
            var shape = new Shape(start.Length);
            Tensor theta = bench.Input("theta", shape, start), momentum = bench.Input("momentum", shape, new double[start.Length]);
            Tensor dw = bench.Input("dw", shape), factor = bench.Input("factor", new Shape(AdaSteNumbers.Count), new double[9]);
            Tensor knobs = bench.Input("knobs", new Shape(5), Settings(file)), steps = bench.Input("steps", new Shape(1), [0]);
            bench.Commit();
            double mu = Number(file, "trajectory_mu0"), alpha = Number(file, "alpha");
            for (int step = 0; step < 40; step++)
            {
                mu = step % 10 == 0 ? Math.Min(mu * 1.05, 1 / alpha) : mu;
                float[] g = PublishedStreams.Symmetric($"{file.Metadata["prefix"]}/adaste/grad{step}", start.Length);
                device.WriteReals(dw, [.. g.Select(v => (double)(0.01f * v))]);
                device.WriteReals(factor, Numbers(file, mu).ToFactor());
                device.WriteReals(steps, [step + 1]);
                device.Kernels.AdaSteStep(theta, dw, momentum, steps, factor, knobs);
                string recorded = Prefix + (step + 1).ToString(CultureInfo.InvariantCulture);
                if (file.Tensors.Any(t => t.Name == recorded))
                    CheckDistance(name, $"{recorded}, {device.Description}", device.ReadReals(theta), file.ReadFloat64(recorded));
            }
        });
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_schedule_of_mu_agrees(string name)
    {
        double[] recorded = ReferenceFiles.Open(name).ReadFloat64("schedule.mu_rate1.05");
        var estimator = new AdaSte(AdaSteSettings.Faithful(1));
        for (int epoch = 0; epoch < recorded.Length; epoch++)
            Assert.Equal(recorded[epoch], estimator.MuAt(epoch), 1e-12 * recorded[epoch]);
    }

    /// <summary>The map, and by a step without momentum, decay and gain the scaled gradient.</summary>
    private static Action<IKernels> Scaled(KernelBench bench, double[] theta, double[] gradient, AdaSteNumbers numbers)
    {
        var shape = new Shape(theta.Length);
        Tensor latent = bench.Input("theta", shape, theta), dw = bench.Input("dw", shape, gradient);
        Tensor w = bench.Output("w", shape, Tolerances.Exact);
        Tensor momentum = bench.InOut("momentum", shape, new double[theta.Length], Tolerances.Exact);
        Tensor map = bench.Input("map", new Shape(2), numbers.ToMap());
        Tensor factor = bench.Input("factor", new Shape(AdaSteNumbers.Count), numbers.ToFactor());
        Tensor knobs = bench.Input("knobs", new Shape(5), [1, 0, 1, 0, 1]), steps = bench.Input("steps", new Shape(1), [1]);
        return kernels =>
        {
            kernels.AdaSteMap(latent, w, map);
            kernels.AdaSteStep(latent, dw, momentum, steps, factor, knobs);
        };
    }

    private static AdaSteNumbers Numbers(SafetensorsFile file, double mu) =>
        new(mu, Number(file, "alpha"), Number(file, "grad_dead_zone"), Number(file, "cap"), slips: true);

    private static double[] Settings(SafetensorsFile file)
    {
        double m = Number(file, "trajectory_momentum"), n = Number(file, "trajectory_train_set_size");
        return [Number(file, "trajectory_lr"), m, 1 - m, Number(file, "weight_decay_on_latent"), n * n];
    }

    private static double Number(SafetensorsFile file, string key) => double.Parse(file.Metadata[key], CultureInfo.InvariantCulture);

    // Of the whole tensor: the published run is single precision too, and one that passes 0 keeps what it was rounded by on the way.
    private static void CheckDistance(string file, string what, double[] ours, double[] recorded)
    {
        double distance = ModelCase.Distance(ours, recorded);
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: distance {distance:e2}");
        Assert.True(distance <= Tolerance, $"{file}: {what}: distance {distance:e3} exceeds {Tolerance:e1}");
    }

    private static void Check(string file, string what, double[] ours, double[] recorded)
    {
        Assert.Equal(recorded.Length, ours.Length);
        for (int i = 0; i < recorded.Length; i++)
        {
            double bound = Tolerance * Math.Abs(recorded[i]);
            Assert.True(Math.Abs(ours[i] - recorded[i]) <= bound || ours[i] == recorded[i],
                $"{file}: {what} at {i}: {ours[i]:r}, recorded {recorded[i]:r}, tolerance {bound:e1}");
        }
    }
}
