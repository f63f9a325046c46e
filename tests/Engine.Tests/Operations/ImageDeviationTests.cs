using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Each image over its own deviation, which the gradient passes through or not.</summary>
public sealed class ImageDeviationTests
{
    private const int Seed = 44;

    public static TheoryData<int, int, int, int> Sizes => new()
    {
        { 1, 1, 1, 2 }, { 3, 1, 1, 7 }, { 2, 1, 1, 8 }, { 1, 3, 1, 3 }, { 5, 2, 4, 4 }, { 1, 1, 1, 31 }, { 2, 3, 3, 16 }, { 17, 5, 7, 3 }, { 2, 9, 9, 130 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Forward_agrees(int n, int h, int w, int c) => Comparison.Run(Seed, bench =>
    {
        var shape = new Shape(n, h, w, c);
        Tensor x = bench.Input("x", shape), statistics = bench.Output("statistics", new Shape(2, n), Tolerances.Statistic);
        Tensor y = bench.Output("y", shape, Tolerances.FewRoundings);
        return kernels => kernels.ImageDeviation(x, statistics, y);
    });

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Backward_agrees(int n, int h, int w, int c)
    {
        foreach (bool attached in new[] { false, true })
            foreach (GradMode mode in new[] { GradMode.Write, GradMode.Add })
                CompareBackward(new Shape(n, h, w, c), attached, mode);
    }

    // A mean of many deviations: the squares of the distances are summed, not the squares of the values.
    [Fact]
    public void A_mean_of_many_deviations_costs_no_digits() => Comparison.Run(Seed, bench =>
    {
        var shape = new Shape(3, 8, 8, 5);
        Tensor x = bench.Input("x", shape, SampleValues.Fill(Seed, "x", shape.Count, r => 1000 + r.NextDouble()));
        Tensor statistics = bench.Output("statistics", new Shape(2, 3), Tolerances.Statistic);
        Tensor y = bench.Output("y", shape, Tolerances.FewRoundings);
        return kernels => kernels.ImageDeviation(x, statistics, y);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reference_gradients_are_those_of_its_forward(bool attached)
    {
        var shape = new Shape(2, 5);
        using KernelBench bench = CentralDifferences.NewBench(Seed);
        Tensor x = bench.Input("x", shape), dy = bench.Input("dy", shape), statistics = bench.Output("statistics", new Shape(2, 2), Tolerances.Exact);
        Tensor fresh = bench.Output("fresh statistics", new Shape(2, 2), Tolerances.Exact);
        Tensor y = bench.Output("y", shape, Tolerances.Exact), dx = bench.Output("dx", shape, Tolerances.Exact);
        bench.Commit();
        IKernels kernels = bench.Device.Kernels;
        kernels.ImageDeviation(x, statistics, y);
        double[] deviations = bench.Device.ReadReals(statistics)[2..];
        double Objective()
        {
            kernels.ImageDeviation(x, fresh, y);
            double[] divided = bench.Device.ReadReals(attached ? y : x), weights = bench.Device.ReadReals(dy);
            return divided.Select((value, i) => weights[i] * (attached ? value : value / deviations[i / 5])).Sum();
        }

        kernels.ImageDeviationBackward(dy, x, statistics, attached, dx, GradMode.Write);
        CentralDifferences.Check(x, dx, Objective);
    }

    private static void CompareBackward(Shape shape, bool attached, GradMode mode) => Comparison.Run(Seed, bench =>
    {
        int n = shape[0];
        Tensor dy = bench.Input("dy", shape), x = bench.Input("x", shape);
        Tensor statistics = bench.Input("statistics", new Shape(2, n), [.. SampleValues.Mixed(Seed, "mean", n),
            .. SampleValues.Fill(Seed, "deviation", n, r => 0.5 + r.NextDouble())]);
        Tensor dx = bench.Gradient("dx", shape, mode, Tolerances.NormalisedGradient);
        return kernels => kernels.ImageDeviationBackward(dy, x, statistics, attached, dx, mode);
    });
}
