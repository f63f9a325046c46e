using ReSTE.Native.Devices;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>The loss, its gradient, and the hits counted with it.</summary>
public sealed class SoftmaxCrossEntropyTests
{
    private const int Seed = 27;

    // N, classes.
    public static TheoryData<int, int> Sizes => new()
    {
        { 1, 1 }, { 2, 2 }, { 3, 3 }, { 17, 4 }, { 3, 5 }, { 2, 6 }, { 17, 10 }, { 3, 33 }, { 2, 100 }, { 1, 1000 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Every_device_agrees(int n, int classes)
    {
        int[] labels = [.. Enumerable.Range(0, n).Select(i => (i * 7 + 3) % classes)];
        foreach (double factor in new[] { 1.0, 8, 5000 }) // at 5000 the logits reach ±1e4
        {
            double[] logits = [.. SampleValues.Mixed(Seed, "logits", (long)n * classes).Select(v => (double)(float)(factor * v))];
            Comparison.Run(Seed, bench => Define(bench, new Shape(n, classes), logits, labels, withGradient: true));
            Comparison.Run(Seed, bench => Define(bench, new Shape(n, classes), logits, labels, withGradient: false));
        }
    }

    // Rank = logits greater, plus equal ones at a lower index.
    [Theory]
    [InlineData(0, 1, 1, new double[] { 2, 2, 2, 2, 2, 2, 2 })]
    [InlineData(1, 0, 1, new double[] { 2, 2, 2, 2, 2, 2, 2 })]
    [InlineData(4, 0, 1, new double[] { 2, 2, 2, 2, 2, 2, 2 })]
    [InlineData(5, 0, 0, new double[] { 2, 2, 2, 2, 2, 2, 2 })]
    [InlineData(6, 0, 1, new double[] { 1, 3, 1, 3, 3, 0, 2 })]
    [InlineData(0, 0, 1, new double[] { 1, 3, 1, 3, 3, 0, 2 })]
    [InlineData(2, 0, 0, new double[] { 1, 3, 1, 3, 3, 0, 2 })]
    [InlineData(1, 1, 1, new double[] { 1, 3, 1, 3, 3, 0, 2 })]
    [InlineData(2, 0, 1, new double[] { 3, 2, 1 })]
    [InlineData(0, 1, 1, new double[] { 0.0 })]
    [InlineData(1, 0, 1, new double[] { -0.0, 0.0 })]
    public void Ties_go_to_the_lower_index(int label, double top1, double top5, double[] logits) => Comparison.OnEveryDevice(device =>
    {
        double[] metrics = Run(device, new Shape(1, logits.Length), logits, [label])["metrics"];
        Assert.Equal([top1 + 20, top5 + 30], metrics[1..]);
    });

    [Fact]
    public void Metrics_are_added_to_and_loss_is_the_mean() => Comparison.OnEveryDevice(device =>
    {
        var outputs = Run(device, new Shape(2, 2), [0, 0, 0, Math.Log(3)], [0, 0]);
        Assert.Equal((Math.Log(2) + Math.Log(4)) / 2, outputs["loss"][0], 1e-7);
        Assert.Equal(10 + Math.Log(2) + Math.Log(4), outputs["metrics"][0], 1e-6);
        Assert.Equal([-0.25, 0.25, -0.375, 0.375], outputs["dlogits"].Select(v => Math.Round(v, 6)));
    });

    [Fact]
    public void Logits_of_ten_thousand_stay_finite() => Comparison.OnEveryDevice(device =>
    {
        var outputs = Run(device, new Shape(2, 3), [1e4, -1e4, 0, -1e4, -1e4, 1e4], [1, 2]);
        Assert.Equal(1e4, outputs["loss"][0]); // (20000 + 0) / 2
        Assert.Equal([0.5, -0.5, 0, 0, 0, 0], outputs["dlogits"]);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_nan_among_the_logits_makes_the_loss_nan(int at) => Comparison.OnEveryDevice(device =>
    {
        double[] logits = [1, 2, 3];
        logits[at] = double.NaN;
        var outputs = Run(device, new Shape(1, 3), logits, [0]);
        Assert.True(double.IsNaN(outputs["loss"][0]) && double.IsNaN(outputs["metrics"][0]), $"loss {outputs["loss"][0]}");
        Assert.All(outputs["dlogits"], v => Assert.True(double.IsNaN(v)));
        Assert.Equal([20, 30], outputs["metrics"][1..]); // a miss, though nothing ranks above a NaN
    });

    [Fact]
    public void Reference_gradient_is_that_of_its_forward()
    {
        using KernelBench bench = CentralDifferences.NewBench(Seed);
        var shape = new Shape(3, 4);
        Tensor logits = bench.Input("logits", shape), labels = bench.Input("labels", new Shape(3), ElementType.Int32, [0, 3, 1]);
        Tensor d = bench.Output("dlogits", shape, Tolerances.Exact), loss = bench.Input("loss", new Shape(1), [0]);
        Tensor metrics = bench.Input("m", new Shape(3), [0, 0, 0]);
        bench.Commit();
        IKernels kernels = bench.Device.Kernels;
        kernels.SoftmaxCrossEntropy(logits, labels, d, loss, metrics);
        CentralDifferences.Check(logits, d, () =>
        {
            kernels.SoftmaxCrossEntropy(logits, labels, null, loss, metrics);
            return bench.Device.ReadReals(loss)[0];
        });
    }

    private static Dictionary<string, double[]> Run(Device device, Shape shape, double[] logits, int[] labels) =>
        Comparison.Outputs(device, Seed, bench => Define(bench, shape, logits, labels, withGradient: true));

    private static Action<IKernels> Define(KernelBench bench, Shape shape, double[] values, int[] numbers, bool withGradient)
    {
        Tensor logits = bench.Input("logits", shape, values),
            labels = bench.Input("labels", new Shape(shape[0]), ElementType.Int32, numbers);
        Tensor? gradient = withGradient ? bench.Output("dlogits", shape, Tolerances.Probability) : null;
        Tensor loss = bench.Output("loss", new Shape(1), ElementType.Float64, Tolerances.DoublePrecision);
        Tensor metrics = bench.Judged(bench.Input("metrics", new Shape(3), ElementType.Float64, [10.0, 20, 30]),
            Tolerances.DoublePrecision);
        return kernels => kernels.SoftmaxCrossEntropy(logits, labels, gradient, loss, metrics);
    }
}
