using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>One step of AdaSTE's optimiser.</summary>
public sealed class AdaSteStepTests
{
    private const int Seed = 63;

    public static TheoryData<double, bool> Forms => [.. from mu in AdaSteGrid.Mus from slips in new[] { true, false } select (mu, slips)];

    public static TheoryData<int> Counts => Elements.Counts;

    [Theory]
    [MemberData(nameof(Counts))]
    public void Every_device_agrees(int count) => Comparison.Run(Seed, bench =>
    {
        var shape = new Shape(count);
        Tensor theta = bench.InOut("theta", shape, Tolerances.AdaSteUpdate), dw = bench.Input("dw", shape);
        Tensor momentum = bench.InOut("momentum", shape, Tolerances.AdaSteUpdate);
        return Step(bench, theta, dw, momentum, AdaSteGrid.At(0.25, slips: true), [0.125, 0.875, 0.125, 1, 16], steps: 3);
    });

    // Each pair by itself, for beside a large one a small one could be anything: what is left of the gradient, with no momentum.
    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_boundary_falls_on_the_same_side_on_every_device(double mu, bool slips)
    {
        var (weights, gradients) = AdaSteGrid.Pairs(mu);
        AdaSteNumbers numbers = AdaSteGrid.At(mu, slips);
        Comparison.OnEveryDevice(device =>
        {
            double[] scaled = Comparison.Outputs(device, Seed, bench =>
            {
                var shape = new Shape(weights.Length);
                Tensor theta = bench.Input("theta", shape, weights), dw = bench.Input("dw", shape, gradients);
                Tensor momentum = bench.InOut("momentum", shape, new double[weights.Length], Tolerances.Exact);
                return Step(bench, theta, dw, momentum, numbers, [0.125, 0, 1, 0, 1], steps: 1);
            })["momentum"];
            for (int i = 0; i < weights.Length; i++)
            {
                double expected = numbers.Factor(weights[i], gradients[i]) * gradients[i];
                // Near the slip's zero a difference of two numbers of about 1 is left; four roundings elsewhere.
                double bound = 4e-7 * Math.Abs(expected) + 2e-7 * Math.Abs(gradients[i]) * Math.Min(1, 1 / Math.Abs(weights[i]));
                Assert.True(Math.Abs(scaled[i] - expected) <= bound || scaled[i] == expected,
                    $"{device.Description}: theta {weights[i]:r}, g {gradients[i]:r}, mu {mu}: {scaled[i]:r}, expected {expected:r}");
            }
        });
    }

    // rate 1/4, mu 1/2, decay 1, gain 4, factor 1/2: all exact in binary but for the correction of the second step, 3/4.
    [Fact]
    public void Two_steps_by_hand() => Comparison.OnEveryDevice(device =>
    {
        var outputs = Comparison.Outputs(device, Seed, bench =>
        {
            Tensor theta = bench.InOut("theta", new Shape(1), [2], Tolerances.Exact), dw = bench.Input("dw", new Shape(1), [1]);
            Tensor momentum = bench.InOut("momentum", new Shape(1), [0], Tolerances.Exact);
            Tensor factor = bench.Input("factor", new Shape(AdaSteNumbers.Count), [1, 0.5, 0.25, 0.5, 1, 1, 0, 1, 1]);
            Tensor knobs = bench.Input("knobs", new Shape(5), [0.25, 0.5, 0.5, 1, 4]);
            Tensor first = bench.Input("first", new Shape(1), [1]), second = bench.Input("second", new Shape(1), [2]);
            return kernels =>
            {
                kernels.AdaSteStep(theta, dw, momentum, first, factor, knobs);
                kernels.AdaSteStep(theta, dw, momentum, second, factor, knobs);
            };
        });
        // Step 1: g = 4 * 1/2 + 2 = 4, m = 2, theta = 2 - 2/4 / (1/2) = 1. Step 2 at theta = 1, on the edge: g = 4 + 1, m = 1 + 2.5.
        Assert.Equal([3.5], outputs["momentum"]);
        Assert.Equal(1 - 3.5 / 4 / 0.75, outputs["theta"][0], 1e-6);
    });

    private static Action<IKernels> Step(KernelBench bench, Tensor theta, Tensor dw, Tensor momentum, in AdaSteNumbers numbers,
        double[] knobs, double steps)
    {
        Tensor factor = bench.Input("factor", new Shape(AdaSteNumbers.Count), numbers.ToFactor());
        Tensor settings = bench.Input("knobs", new Shape(5), knobs), done = bench.Input("steps", new Shape(1), [steps]);
        return kernels => kernels.AdaSteStep(theta, dw, momentum, done, factor, settings);
    }
}
