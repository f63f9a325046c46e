using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Packed signs as real ±1, and the gradient through a slope.</summary>
public sealed class SignUnpackTests
{
    private const int Seed = 43;

    public static TheoryData<int, int> Sizes =>
        new() { { 1, 1 }, { 3, 15 }, { 2, 16 }, { 5, 17 }, { 4, 31 }, { 1, 32 }, { 7, 33 }, { 3, 63 }, { 2, 65 }, { 130, 127 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Forward_agrees_exactly(int rows, int channels)
    {
        var shape = new Shape(rows, channels);
        double[] values = SampleValues.Mixed(Seed, "x", shape.Count);
        Comparison.OnEveryDevice(device => Assert.Equal(values.Select(v => v < 0 ? -1.0 : 1), Comparison.Outputs(device, Seed, bench =>
        {
            Tensor bits = bench.Signs("x", shape, values), y = bench.Output("y", shape, Tolerances.Exact);
            return kernels => kernels.SignUnpack(bits, y);
        })["y"]));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Gradient_agrees(int rows, int channels)
    {
        var shape = new Shape(rows, channels);
        foreach (SlopeKind slope in SlopeKinds.All)
            foreach (GradMode mode in new[] { GradMode.Write, GradMode.Add })
            {
                Comparison.Run(Seed, bench =>
                {
                    Tensor dy = bench.Input("dy", shape), x = bench.Input("x", shape), p = bench.SlopeParameters(slope);
                    Tensor dx = bench.Gradient("dx", shape, mode, Tolerances.ThroughSlope(SlopeKinds.Largest(slope), 2));
                    return kernels => kernels.SignUnpackBackward(dy, x, slope, p, dx, mode);
                });
            }
    }
}
