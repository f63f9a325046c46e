using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>The floor under a filter's gradient, and the decay of weights that never change their sign.</summary>
public sealed class SilentWeightsTests
{
    private const int Seed = 65;

    public static TheoryData<int[]> Shapes => new() { new[] { 1, 1, 1, 1 }, new[] { 3, 1, 1, 15 }, new[] { 7, 3, 3, 17 },
        new[] { 16, 3, 3, 16 }, new[] { 5, 3, 3, 65 }, new[] { 2, 5, 5, 130 } };

    // Small gradients are raised to the floor, large ones are not; no filter's ratio lies within a tenth of it.
    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_device_agrees(int[] sizes)
    {
        foreach (double size in new[] { 1, 1e-3 })
        {
            Comparison.Run(Seed, bench =>
            {
                var shape = new Shape(sizes);
                Tensor w = bench.Input("w", shape), previous = bench.InOut("previous", shape, Tolerances.Exact);
                double[] gradients = [.. SampleValues.Mixed(Seed, "dw", shape.Count).Select(v => (double)(float)(size * v))];
                Tensor dw = bench.InOut("dw", shape, gradients, Tolerances.FewRoundings);
                Tensor tracker = bench.InOut("tracker", shape,
                    [.. Enumerable.Range(0, (int)shape.Count).Select(i => i % 3 * 0.25)], Tolerances.FewRoundings);
                Tensor knobs = Knobs(bench, threshold: 0.125);
                return kernels => kernels.SilentWeights(w, dw, tracker, previous, knobs);
            });
        }
    }

    // |w| = 5, |dw| = 0.5, delta 0.5: the floor is 2.5, so the gradient is multiplied by 5. The first weight has just changed its sign, the
    // second not, and of the third filter's weights nothing is known yet.
    [Fact]
    public void Every_device_gives_the_worked_example() => Comparison.OnEveryDevice(device =>
    {
        var outputs = Comparison.Outputs(device, Seed, bench =>
        {
            var shape = new Shape(3, 1, 1, 2);
            Tensor w = bench.Input("w", shape, [3, -4, 3, -4, 3, -4]);
            Tensor dw = bench.InOut("dw", shape, [0.5, 0, 4, 0, 4, 0], Tolerances.Exact);
            Tensor tracker = bench.InOut("tracker", shape, new double[6], Tolerances.Exact);
            Tensor previous = bench.InOut("previous", shape, [-1, -1, -1, 1, 0, 0], Tolerances.Exact);
            Tensor knobs = bench.Input("knobs", new Shape(5), [0.5, 0.25, 0.75, 0.25, 0.125]);
            return kernels => kernels.SilentWeights(w, dw, tracker, previous, knobs);
        });
        Assert.Equal([0.25, 0, 0.25, 0.25, 0, 0], outputs["tracker"]);
        Assert.Equal([2.5, -1, 4, 0, 4.75, -1], outputs["dw"]);
        Assert.Equal([3.0, -4, 3, -4, 3, -4], outputs["previous"]);
    });

    // Norms of nothing count as 1e-6 and 1e-3: a filter without a gradient gets none, and nothing is divided by zero.
    [Fact]
    public void A_filter_of_zeros_stays_one() => Comparison.OnEveryDevice(device =>
    {
        var outputs = Comparison.Outputs(device, Seed, bench =>
        {
            var shape = new Shape(1, 1, 1, 3);
            Tensor w = bench.Input("w", shape, [0, 0, 0]), dw = bench.InOut("dw", shape, [0, 0, 0], Tolerances.Exact);
            Tensor tracker = bench.InOut("tracker", shape, [0, 0, 0], Tolerances.Exact);
            Tensor previous = bench.InOut("previous", shape, [1, 1, 1], Tolerances.Exact), knobs = Knobs(bench, threshold: 1e-4);
            return kernels => kernels.SilentWeights(w, dw, tracker, previous, knobs);
        });
        Assert.Equal([0.0, 0, 0], outputs["dw"]);
    });

    private static Tensor Knobs(KernelBench bench, double threshold) =>
        bench.Input("knobs", new Shape(5), [0.04, 9e-4f, 0.875, 0.125, threshold]);
}
