using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Each image over its own deviation, and the gradient with and without the way through the deviation.</summary>
public sealed class ImageDeviationTests
{
    private const int Seed = 44;

    public static TheoryData<int[]> Shapes => new() { new[] { 1, 1, 1, 2 }, new[] { 1, 1, 1, 31 }, new[] { 3, 5, 4, 17 },
        new[] { 2, 8, 8, 32 }, new[] { 5, 3, 3, 65 }, new[] { 2, 16, 16, 16 }, new[] { 1, 7, 9, 127 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Forward_agrees(int[] sizes) => Comparison.Run(Seed, bench => Define(bench, new Shape(sizes), offset: 0));

    // A mean of twenty deviations: what single precision would take from the variance, double keeps.
    [Fact]
    public void A_mean_of_many_deviations_costs_no_digits() =>
        Comparison.Run(Seed, bench => Define(bench, new Shape(2, 6, 6, 17), offset: 20));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Gradient_agrees(int[] sizes)
    {
        var shape = new Shape(sizes);
        foreach (bool attached in new[] { true, false })
            foreach (GradMode mode in new[] { GradMode.Write, GradMode.Add })
            {
                Comparison.Run(Seed, bench =>
                {
                    Tensor dy = bench.Input("dy", shape), x = bench.Input("x", shape),
                        dx = bench.Gradient("dx", shape, mode, Tolerances.NormalisedGradient);
                    Tensor statistics = bench.Input("statistics", new Shape(2, shape[0]),
                        [.. Means(shape[0]), .. Enumerable.Repeat(1.25, shape[0])]);
                    return kernels => kernels.ImageDeviationBackward(dy, x, statistics, attached, dx, mode);
                });
            }
    }

    [Fact]
    public void Reference_gradient_is_that_of_its_forward()
    {
        using KernelBench bench = CentralDifferences.NewBench(Seed);
        var shape = new Shape(3, 2, 4, 5);
        Tensor x = bench.Input("x", shape), dy = bench.Input("dy", shape),
            statistics = bench.Output("statistics", new Shape(2, 3), Tolerances.Exact);
        Tensor y = bench.Output("y", shape, Tolerances.Exact), dx = bench.Output("dx", shape, Tolerances.Exact);
        bench.Commit();
        IKernels kernels = bench.Device.Kernels;
        double Objective()
        {
            kernels.ImageDeviation(x, statistics, y);
            return CentralDifferences.Dot(y, dy);
        }

        Objective();
        kernels.ImageDeviationBackward(dy, x, statistics, attached: true, dx, GradMode.Write);
        CentralDifferences.Check(x, dx, Objective);
    }

    // x = (1, 2, 3, 6): mean 3, unbiased variance 14/3.
    [Fact]
    public void Every_device_gives_the_worked_example() => Comparison.OnEveryDevice(device =>
    {
        var outputs = Comparison.Outputs(device, Seed, bench =>
        {
            Tensor x = bench.Input("x", new Shape(1, 1, 2, 2), [1, 2, 3, 6]),
                statistics = bench.Output("statistics", new Shape(2, 1), Tolerances.Exact);
            Tensor y = bench.Output("y", new Shape(1, 1, 2, 2), Tolerances.Exact);
            return kernels => kernels.ImageDeviation(x, statistics, y);
        });
        double deviation = Math.Sqrt(14 / 3.0 + 1e-5);
        Assert.Equal([3, deviation], outputs["statistics"], (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([1 / deviation, 2 / deviation, 3 / deviation, 6 / deviation], outputs["y"], (a, b) => Math.Abs(a - b) < 1e-6);
    });

    private static Action<IKernels> Define(KernelBench bench, Shape shape, double offset)
    {
        double[] values = [.. SampleValues.Mixed(Seed, "x", shape.Count).Select(v => v + offset)];
        Tensor x = bench.Input("x", shape, values), statistics = bench.Output("statistics", new Shape(2, shape[0]), Tolerances.Statistic);
        Tensor y = bench.Output("y", shape, Tolerances.FewRoundings);
        return kernels => kernels.ImageDeviation(x, statistics, y);
    }

    private static IEnumerable<double> Means(int images) => Enumerable.Range(0, images).Select(n => 0.125 * n - 0.25);
}
