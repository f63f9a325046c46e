using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Each filter less its mean and over its deviation, and the gradient through both.</summary>
public sealed class StandardiseWeightsTests
{
    private const int Seed = 61;

    public static TheoryData<int[]> Shapes => new() { new[] { 1, 1, 1, 2 }, new[] { 3, 1, 1, 31 }, new[] { 7, 3, 3, 17 },
        new[] { 16, 3, 3, 16 }, new[] { 5, 3, 3, 65 }, new[] { 2, 5, 5, 3 }, new[] { 1, 3, 3, 127 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Forward_agrees(int[] sizes)
    {
        foreach (double epsilon in new[] { 0, 1e-5 })
            Comparison.Run(Seed, bench => Define(bench, new Shape(sizes), epsilon, offset: 0));
    }

    // A mean of twenty deviations: the variance keeps its digits in double; what is left over is the mean's own rounding.
    [Fact]
    public void A_mean_of_many_deviations_costs_the_variance_nothing() => Comparison.Run(Seed, bench =>
    {
        Tensor w = bench.Input("w", new Shape(3, 3, 3, 17), [.. SampleValues.Mixed(Seed, "w", 459).Select(v => v + 20)]);
        Tensor statistics = bench.Output("statistics", new Shape(2, 3), Tolerances.Statistic);
        Tensor y = bench.Output("y", w.Shape, Tolerances.Normalised(20));
        return kernels => kernels.StandardiseWeights(w, 0, statistics, y);
    });

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Gradient_agrees(int[] sizes)
    {
        var shape = new Shape(sizes);
        foreach (GradMode mode in new[] { GradMode.Write, GradMode.Add })
        {
            Comparison.Run(Seed, bench =>
            {
                Tensor dy = bench.Input("dy", shape), w = bench.Input("w", shape),
                    dw = bench.Gradient("dw", shape, mode, Tolerances.NormalisedGradient);
                Tensor statistics = bench.Input("statistics", new Shape(2, shape[0]),
                    [.. Enumerable.Range(0, shape[0]).Select(o => 0.125 * o - 0.25), .. Enumerable.Repeat(1.25, shape[0])]);
                return kernels => kernels.StandardiseWeightsBackward(dy, w, statistics, dw, mode);
            });
        }
    }

    [Fact]
    public void Reference_gradient_is_that_of_its_forward()
    {
        foreach (double epsilon in new[] { 0, 0.25 })
        {
            using KernelBench bench = CentralDifferences.NewBench(Seed);
            var shape = new Shape(3, 2, 2, 5);
            Tensor w = bench.Input("w", shape), dy = bench.Input("dy", shape),
                statistics = bench.Output("statistics", new Shape(2, 3), Tolerances.Exact);
            Tensor y = bench.Output("y", shape, Tolerances.Exact), dw = bench.Output("dw", shape, Tolerances.Exact);
            bench.Commit();
            IKernels kernels = bench.Device.Kernels;
            double Objective()
            {
                kernels.StandardiseWeights(w, epsilon, statistics, y);
                return CentralDifferences.Dot(y, dy);
            }

            Objective();
            kernels.StandardiseWeightsBackward(dy, w, statistics, dw, GradMode.Write);
            CentralDifferences.Check(w, dw, Objective);
        }
    }

    // w = (1, 2, 3, 4): mean 2.5, unbiased variance 5/3; u = (1, -2, .5, 3) gives what IR-Net's formula gives.
    [Fact]
    public void Every_device_gives_the_worked_example() => Comparison.OnEveryDevice(device =>
    {
        var outputs = Comparison.Outputs(device, Seed, bench =>
        {
            var shape = new Shape(1, 1, 1, 4);
            Tensor w = bench.Input("w", shape, [1, 2, 3, 4]), dy = bench.Input("dy", shape, [1, -2, 0.5, 3]);
            Tensor statistics = bench.Output("statistics", new Shape(2, 1), Tolerances.Exact);
            Tensor y = bench.Output("y", shape, Tolerances.Exact), dw = bench.Output("dw", shape, Tolerances.Exact);
            return kernels =>
            {
                kernels.StandardiseWeights(w, 0, statistics, y);
                kernels.StandardiseWeightsBackward(dy, w, statistics, dw, GradMode.Write);
            };
        });
        Assert.Equal([-1.161895, -0.387298, 0.387298, 1.161895], outputs["y"], (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([1.278085, -1.704113, -0.426028, 0.852056], outputs["dw"], (a, b) => Math.Abs(a - b) < 1e-6);
    });

    private static Action<IKernels> Define(KernelBench bench, Shape shape, double epsilon, double offset)
    {
        double[] values = [.. SampleValues.Mixed(Seed, "w", shape.Count).Select(v => v + offset)];
        Tensor w = bench.Input("w", shape, values), statistics = bench.Output("statistics", new Shape(2, shape[0]), Tolerances.Statistic);
        Tensor y = bench.Output("y", shape, Tolerances.Normalised(2));
        return kernels => kernels.StandardiseWeights(w, epsilon, statistics, y);
    }
}
