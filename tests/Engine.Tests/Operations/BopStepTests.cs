using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>One step of Bop: the running mean of the gradient, and the weights that it turns over.</summary>
public sealed class BopStepTests
{
    private const int Seed = 52;

    public static TheoryData<int> Counts => Elements.Counts;

    [Theory]
    [MemberData(nameof(Counts))]
    public void Every_device_agrees(int count) => Comparison.Run(Seed, bench =>
    {
        var shape = new Shape(count);
        Tensor w = bench.InOut("w", shape, Tolerances.Exact), dw = bench.Input("dw", shape);
        Tensor mean = bench.InOut("mean", shape, Tolerances.FewRoundings), knobs = Knobs(bench, 0.125, 0.3);
        return kernels => kernels.BopStep(w, dw, mean, knobs);
    });

    // gamma 0.1, threshold 0.05, from +1 with a mean of 0: means and weights worked out by hand.
    [Fact]
    public void Six_steps_by_hand() => Comparison.OnEveryDevice(device =>
    {
        double[] gradients = [1, 1, -1, -1, -1, -1], weights = [-1, -1, -1, -1, 1, 1],
            means = [0.1, 0.19, 0.071, -0.0361, -0.13249, -0.219241];
        for (int steps = 1; steps <= gradients.Length; steps++)
        {
            var outputs = Comparison.Outputs(device, Seed, bench =>
            {
                Tensor w = bench.InOut("w", new Shape(1), [1], Tolerances.Exact);
                Tensor mean = bench.InOut("mean", new Shape(1), [0], Tolerances.Exact), knobs = Knobs(bench, 0.1, 0.05);
                Tensor[] dw = [.. gradients.Select((g, step) => bench.Input($"dw{step}", new Shape(1), [g]))];
                return kernels =>
                {
                    for (int step = 0; step < steps; step++)
                        kernels.BopStep(w, dw[step], mean, knobs);
                };
            });
            Assert.Equal(means[steps - 1], outputs["mean"][0], 1e-7);
            Assert.Equal(weights[steps - 1], outputs["w"][0]);
        }
    });

    [Fact]
    public void What_only_reaches_the_threshold_stays() => Comparison.OnEveryDevice(device =>
    {
        float above = MathF.BitIncrement(0.5f), below = MathF.BitDecrement(0.5f);
        var outputs = Comparison.Outputs(device, Seed, bench =>
        {
            double[] weights = [1, 1, 1, -1, -1, -1], gradients = [below, 0.5, above, -below, -0.5, -above];
            Tensor w = bench.InOut("w", new Shape(6), weights, Tolerances.Exact), dw = bench.Input("dw", new Shape(6), gradients);
            Tensor mean = bench.InOut("mean", new Shape(6), new double[6], Tolerances.Exact), knobs = Knobs(bench, 1, 0.5);
            return kernels => kernels.BopStep(w, dw, mean, knobs);
        });
        Assert.Equal([1, 1, -1, -1, -1, 1], outputs["w"]);
    });

    // The mean's sign must be the weight's: then the gradient says that the other sign lowers the loss.
    [Fact]
    public void Any_weight_becomes_its_sign_and_zero_is_positive() => Comparison.OnEveryDevice(device =>
    {
        double[] weights = [0.0, -0.0, float.Epsilon, -float.Epsilon, 0.3f, -7];
        foreach (int sign in new[] { 1, -1 })
        {
            var outputs = Comparison.Outputs(device, Seed, bench =>
            {
                Tensor w = bench.InOut("w", new Shape(6), weights, Tolerances.Exact);
                Tensor dw = bench.Input("dw", new Shape(6), [.. Enumerable.Repeat((double)sign, 6)]);
                Tensor mean = bench.InOut("mean", new Shape(6), new double[6], Tolerances.Exact), knobs = Knobs(bench, 0.5, 0.25);
                return kernels => kernels.BopStep(w, dw, mean, knobs);
            });
            Assert.Equal(sign > 0 ? [-1, -1, -1, -1, -1, -1] : [1, 1, 1, 1, 1, 1], outputs["w"]);
        }

        var still = Comparison.Outputs(device, Seed, bench =>
        {
            Tensor w = bench.InOut("w", new Shape(6), weights, Tolerances.Exact), dw = bench.Input("dw", new Shape(6), new double[6]);
            Tensor mean = bench.InOut("mean", new Shape(6), new double[6], Tolerances.Exact), knobs = Knobs(bench, 0.5, 0.25);
            return kernels => kernels.BopStep(w, dw, mean, knobs);
        });
        Assert.Equal([1, 1, 1, -1, 1, -1], still["w"]);
    });

    private static Tensor Knobs(KernelBench bench, double gamma, double threshold) =>
        bench.Input("knobs", new Shape(3), [1 - gamma, gamma, threshold]);
}
