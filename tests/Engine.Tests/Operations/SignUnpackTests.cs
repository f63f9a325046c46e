using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Packed signs as real ±1, and the slope that stands in for their derivative.</summary>
public sealed class SignUnpackTests
{
    private const int Seed = 43;

    public static TheoryData<int, int> Sizes => new()
    {
        { 1, 1 }, { 3, 3 }, { 2, 4 }, { 5, 16 }, { 1, 31 }, { 2, 32 }, { 3, 33 }, { 70, 63 }, { 2, 65 }, { 1, 127 }, { 3, 130 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Every_sign_comes_back(int rows, int channels) => Comparison.Run(Seed, bench =>
    {
        var shape = new Shape(rows, channels);
        Tensor bits = bench.Signs("x", shape), y = bench.Output("y", shape, Tolerances.Exact);
        return kernels => kernels.SignUnpack(bits, y);
    });

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Backward_agrees(int rows, int channels)
    {
        var shape = new Shape(rows, channels);
        foreach (SlopeKind slope in new[] { SlopeKind.Identity, SlopeKind.Clipped, SlopeKind.Reste })
            foreach (GradMode mode in new[] { GradMode.Write, GradMode.Add })
            {
                Comparison.Run(Seed, bench =>
                {
                    Tensor dy = bench.Input("dy", shape), x = bench.Input("x", shape), p = bench.SlopeParameters();
                    Tensor dx = bench.Gradient("dx", shape, mode, Tolerances.SlopeAndShare);
                    return kernels => kernels.SignUnpackBackward(dy, x, slope, p, dx, mode);
                });
            }
    }
}
