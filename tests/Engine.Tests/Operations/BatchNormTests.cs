using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Batch norm in training and evaluation, with and without rectifier and shortcut, on every device.</summary>
public sealed class BatchNormTests
{
    private const int Seed = 21;

    // [N,H,W,C]: channels around every vector's width, rows below and above the number of slices.
    public static TheoryData<int, int, int, int> Sizes => new()
    {
        { 2, 1, 1, 1 }, { 1, 3, 5, 3 }, { 17, 1, 1, 15 }, { 3, 7, 5, 16 }, { 2, 3, 1, 17 }, { 1, 8, 9, 31 }, { 2, 2, 2, 32 },
        { 1, 5, 7, 33 }, { 2, 7, 7, 63 }, { 3, 3, 3, 64 }, { 17, 5, 1, 65 }, { 1, 2, 1, 127 }, { 2, 9, 9, 130 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Forward_agrees(int n, int h, int w, int c)
    {
        foreach (bool rectify in new[] { false, true })
            foreach (bool withShortcut in new[] { false, true })
                CompareForward(new Shape(n, h, w, c), rectify, withShortcut, null);
    }

    // Other constants, and no factor and offset: what a layer may be written with.
    [Theory]
    [InlineData(0.1, 1e-5, false)]
    [InlineData(0.25, 1e-3, true)]
    [InlineData(1, 1e-4, false)]
    public void Other_settings_agree(double momentum, double epsilon, bool affine)
    {
        var settings = new BatchNormSettings(momentum, epsilon, affine);
        var shape = new Shape(3, 3, 3, 33);
        double[] values = SampleValues.Mixed(Seed, "x", shape.Count);
        Comparison.Run(Seed, bench => DefineForward(bench, shape, rectify: true, withShortcut: true, values, settings));
        Comparison.Run(Seed, bench => DefineEvaluation(bench, shape, rectify: false, withShortcut: true, values, settings));
        if (affine)
            return;
        Comparison.Run(Seed, bench =>
        {
            var channels = new Shape(33);
            Tensor dy = bench.Input("dy", shape), x = bench.Input("x", shape), mean = bench.Input("mean", channels);
            Tensor invStd = bench.Input("invStd", channels, Variances(33)),
                dgamma = bench.Output("dgamma", channels, Tolerances.GradientOfGamma);
            Tensor dbeta = bench.Output("dbeta", channels, Tolerances.Statistic),
                dx = bench.Output("dx", shape, Tolerances.NormalisedGradient);
            Tensor? scratch = bench.Scratch(ScratchUse.BatchNormBackward, shape);
            return kernels =>
                kernels.BatchNormBackward(dy, x, rectify: true, null, mean, invStd, dgamma, dbeta, dx, GradMode.Write, scratch);
        });
    }

    // Variance by E[z²] - E[z]² loses digits where the mean is large: statistics in double keep them.
    [Theory]
    [InlineData(10)]
    [InlineData(1000)]
    public void A_mean_of_many_deviations_costs_no_digits(double mean)
    {
        var shape = new Shape(4, 8, 8, 19);
        CompareForward(shape, rectify: true, withShortcut: false, SampleValues.Fill(Seed, "x", shape.Count, r => mean + Gaussian(r)));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Evaluation_agrees(int n, int h, int w, int c)
    {
        var shape = new Shape(n, h, w, c);
        foreach (bool rectify in new[] { false, true })
            foreach (bool withShortcut in new[] { false, true })
                Comparison.Run(Seed,
                    bench => DefineEvaluation(bench, shape, rectify, withShortcut, SampleValues.Mixed(Seed, "x", shape.Count)));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Backward_agrees(int n, int h, int w, int c)
    {
        var shape = new Shape(n, h, w, c);
        foreach (bool rectify in new[] { false, true })
            foreach (GradMode mode in new[] { GradMode.Write, GradMode.Add })
            {
                Comparison.Run(Seed, bench =>
                {
                    Tensor dy = bench.Input("dy", shape), x = bench.Input("x", shape), gamma = bench.Input("gamma", new Shape(c));
                    Tensor mean = bench.Input("mean", new Shape(c)), invStd = bench.Input("invStd", new Shape(c), Variances(c));
                    Tensor dgamma = bench.Output("dgamma", new Shape(c), Tolerances.GradientOfGamma);
                    Tensor dbeta = bench.Output("dbeta", new Shape(c), Tolerances.Statistic);
                    Tensor dx = bench.Gradient("dx", shape, mode, Tolerances.NormalisedGradient);
                    Tensor? scratch = bench.Scratch(ScratchUse.BatchNormBackward, shape);
                    return kernels => kernels.BatchNormBackward(dy, x, rectify, gamma, mean, invStd, dgamma, dbeta, dx, mode, scratch);
                });
            }
    }

    [Fact]
    public void Running_statistics_take_a_tenth_of_mean_and_unbiased_variance()
    {
        Comparison.OnEveryDevice(device =>
        {
            // Channel 0 holds 1, 2, 3, 6: mean 3, squares 14, variance 14/3 unbiased and 14/4 biased.
            var outputs = Comparison.Outputs(device, Seed, bench => DefineForward(bench, new Shape(4, 1), false, false, [1, 2, 3, 6]));
            double[] start = SampleValues.Mixed(Seed, "runningMean", 1);
            Assert.Equal(0.9 * start[0] + 0.3, outputs["runningMean"][0], 1e-6);
            Assert.Equal(0.9 * Variances(1)[0] + 0.1 * 14 / 3, outputs["runningVariance"][0], 1e-6);
            Assert.Equal(1 / Math.Sqrt(14.0 / 4 + 1e-5), outputs["invStd"][0], 1e-7);
        });
    }

    [Theory]
    [InlineData(16)]
    [InlineData(19)]
    public void A_nan_in_the_input_reaches_the_whole_channel_and_no_other(int channels)
    {
        double[] values = SampleValues.Mixed(Seed, "x", 6L * channels);
        values[2 * channels + channels - 1] = double.NaN;
        values[3 * channels] = double.NaN;
        foreach (bool rectify in new[] { false, true })
        {
            Comparison.OnEveryDevice(device =>
            {
                double[] y = Comparison.Outputs(device, Seed, b => DefineForward(b, new Shape(6, channels), rectify, false, values))["y"];
                Assert.All(y, (value, i) => Assert.Equal(i % channels == 0 || i % channels == channels - 1, double.IsNaN(value)));
            });
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(19)]
    public void A_nan_in_the_input_stays_where_it_is_in_evaluation(int channels)
    {
        double[] values = SampleValues.Mixed(Seed, "x", 6L * channels);
        int[] places = [2 * channels + channels - 1, 3 * channels];
        foreach (int place in places)
            values[place] = double.NaN;
        foreach (bool rectify in new[] { false, true })
        {
            Comparison.OnEveryDevice(device =>
            {
                double[] y = Comparison.Outputs(device, Seed,
                    b => DefineEvaluation(b, new Shape(6, channels), rectify, false, values))["y"];
                Assert.All(y, (value, i) => Assert.Equal(places.Contains(i), double.IsNaN(value)));
            });
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reference_gradients_are_those_of_its_forward(bool rectify)
    {
        var shape = new Shape(5, 3);
        using KernelBench bench = CentralDifferences.NewBench(Seed);
        Tensor x = bench.Input("x", shape, SampleValues.AwayFromZero(Seed, "x", 15)), c0 = bench.Input("gamma", new Shape(3));
        Tensor beta = bench.Input("beta", new Shape(3)), dy = bench.Input("dy", shape);
        Tensor[] s = [.. new[] { "runningMean", "runningVariance", "mean", "invStd", "dgamma", "dbeta" }
            .Select(name => bench.Input(name, new Shape(3), [0, 0, 0]))];
        Tensor y = bench.Output("y", shape, Tolerances.Exact), dx = bench.Output("dx", shape, Tolerances.Exact);
        bench.Commit();
        IKernels kernels = bench.Device.Kernels;
        double Objective()
        {
            kernels.BatchNormForward(x, rectify, c0, beta, null, s[0], s[1], BatchNormSettings.Default, s[2], s[3], y, scratch: null);
            return CentralDifferences.Dot(y, dy);
        }

        Objective();
        kernels.BatchNormBackward(dy, x, rectify, c0, s[2], s[3], s[4], s[5], dx, GradMode.Write, scratch: null);
        CentralDifferences.Check(x, dx, Objective);
        CentralDifferences.Check(c0, s[4], Objective);
        CentralDifferences.Check(beta, s[5], Objective);
    }

    private static void CompareForward(Shape shape, bool rectify, bool withShortcut, double[]? values) =>
        Comparison.Run(Seed,
            bench => DefineForward(bench, shape, rectify, withShortcut, values ?? SampleValues.Mixed(Seed, "x", shape.Count)));

    private static Action<IKernels> DefineForward(KernelBench bench, Shape shape, bool rectify, bool withShortcut, double[] values,
        BatchNormSettings? settings = null)
    {
        var channels = new Shape(shape.Last);
        BatchNormSettings s = settings ?? BatchNormSettings.Default;
        Tensor x = bench.Input("x", shape, values);
        var (gamma, beta) = Affine(bench, channels, s);
        Tensor? shortcut = withShortcut ? bench.Input("shortcut", shape) : null;
        Tensor runningMean = bench.InOut("runningMean", channels, Tolerances.Statistic);
        Tensor runningVariance = bench.InOut("runningVariance", channels, Variances(shape.Last), Tolerances.Statistic);
        Tensor mean = bench.Output("mean", channels, Tolerances.Statistic), invStd = bench.Output("invStd", channels, Tolerances.Statistic);
        Tensor y = bench.Output("y", shape, Tolerances.Normalised(2 * Magnification(values, shape.Last, rectify)));
        Tensor? scratch = bench.Scratch(ScratchUse.BatchNormForward, shape);
        return kernels => kernels.BatchNormForward(x, rectify, gamma, beta, shortcut, runningMean, runningVariance, s, mean, invStd, y,
            scratch);
    }

    private static Action<IKernels> DefineEvaluation(KernelBench bench, Shape shape, bool rectify, bool withShortcut, double[] values,
        BatchNormSettings? settings = null)
    {
        var channels = new Shape(shape.Last);
        BatchNormSettings s = settings ?? BatchNormSettings.Default;
        Tensor x = bench.Input("x", shape, values);
        var (gamma, beta) = Affine(bench, channels, s);
        Tensor? shortcut = withShortcut ? bench.Input("shortcut", shape) : null;
        Tensor mean = bench.InOut("runningMean", channels, Tolerances.Exact);
        Tensor variance = bench.InOut("runningVariance", channels, Variances(shape.Last), Tolerances.Exact);
        Tensor y = bench.Output("y", shape, Tolerances.Normalised(2 * 2 * 2)); // |gamma|, invStd and |x| are at most 2
        return kernels => kernels.BatchNormEvaluate(x, rectify, gamma, beta, shortcut, mean, variance, s, y);
    }

    private static (Tensor? Gamma, Tensor? Beta) Affine(KernelBench bench, Shape channels, BatchNormSettings settings) =>
        settings.Affine ? (bench.Input("gamma", channels), bench.Input("beta", channels)) : (null, null);

    /// <summary>The largest |z| / deviation of any channel.</summary>
    private static double Magnification(double[] values, int channels, bool rectify) => Enumerable.Range(0, channels).Max(c =>
    {
        double[] z = [.. values.Where((_, i) => i % channels == c).Select(v => rectify ? Math.Max(v, 0) : v)];
        double mean = z.Average();
        return z.Max(Math.Abs) / Math.Sqrt(z.Average(v => (v - mean) * (v - mean)) + 1e-5);
    });

    private static double[] Variances(int channels) => SampleValues.Fill(Seed, "variance", channels, r => 0.25 + r.NextDouble());

    private static double Gaussian(Random r) => Math.Sqrt(-2 * Math.Log(1 - r.NextDouble())) * Math.Cos(2 * Math.PI * r.NextDouble());
}
