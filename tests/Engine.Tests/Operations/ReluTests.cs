using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>max(x, 0) and its gradient, which zero blocks.</summary>
public sealed class ReluTests
{
    private const int Seed = 22;

    public static TheoryData<int> Counts => Elements.Counts;

    [Theory]
    [MemberData(nameof(Counts))]
    public void Every_device_agrees_exactly(int count) =>
        Elements.Compare(Seed, count, kernels => kernels.Relu, kernels => kernels.ReluBackward);

    [Fact]
    public void Zeros_block_and_nan_passes()
    {
        double[] values = [0.0, -0.0, float.Epsilon, -float.Epsilon, 1, double.PositiveInfinity, double.NegativeInfinity];
        double[] passed = [0, 0, 1, 0, 1, 1, 0];
        var shape = new Shape(values.Length);
        Comparison.OnEveryDevice(device => Assert.Equal(passed, Comparison.Outputs(device, Seed, bench =>
        {
            Tensor y = bench.Input("y", shape, values), dy = bench.Input("dy", shape, [1, 1, 1, 1, 1, 1, 1]);
            Tensor dx = bench.Output("dx", shape, Tolerances.Exact);
            return kernels => kernels.ReluBackward(dy, y, dx, GradMode.Write);
        })["dx"]));
        Comparison.Run(Seed, bench =>
        {
            bench.AllowsNaN = true;
            Tensor x = bench.Input("x", new Shape(18), [.. Enumerable.Repeat(double.NaN, 17), -1]);
            Tensor y = bench.Output("y", new Shape(18), Tolerances.Exact);
            return kernels => kernels.Relu(x, y);
        });
    }
}
