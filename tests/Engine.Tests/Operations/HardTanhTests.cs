using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>x cut to [-1, 1], and its gradient, which the ends block.</summary>
public sealed class HardTanhTests
{
    private const int Seed = 42;

    public static TheoryData<int> Counts => Elements.Counts;

    [Theory]
    [MemberData(nameof(Counts))]
    public void Every_device_agrees_exactly(int count) =>
        Elements.Compare(Seed, count, kernels => kernels.HardTanh, kernels => kernels.HardTanhBackward);

    [Fact]
    public void The_ends_block_as_in_pytorch()
    {
        double[] values = [-1, 1, float.BitDecrement(1), -float.BitDecrement(1), float.BitIncrement(1), 0, -0.0, double.NegativeInfinity];
        double[] passed = [0, 0, 1, 1, 0, 1, 1, 0], cut = [-1, 1, float.BitDecrement(1), -float.BitDecrement(1), 1, 0, -0.0, -1];
        var shape = new Shape(values.Length);
        Comparison.OnEveryDevice(device =>
        {
            var outputs = Comparison.Outputs(device, Seed, bench =>
            {
                Tensor x = bench.Input("x", shape, values), dy = bench.Input("dy", shape, [.. Enumerable.Repeat(1.0, values.Length)]);
                Tensor y = bench.Output("y", shape, Tolerances.Exact), dx = bench.Output("dx", shape, Tolerances.Exact);
                return kernels =>
                {
                    kernels.HardTanh(x, y);
                    kernels.HardTanhBackward(dy, x, dx, GradMode.Write);
                };
            });
            Assert.Equal(cut, outputs["y"]);
            Assert.Equal(passed, outputs["dx"]);
        });
    }

    [Fact]
    public void Nan_stays_nan() => Comparison.Run(Seed, bench =>
    {
        bench.AllowsNaN = true;
        Tensor x = bench.Input("x", new Shape(18), [.. Enumerable.Repeat(double.NaN, 17), 3]);
        Tensor y = bench.Output("y", new Shape(18), Tolerances.Exact);
        return kernels => kernels.HardTanh(x, y);
    });
}
