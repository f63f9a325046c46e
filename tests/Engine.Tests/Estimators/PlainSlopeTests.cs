using ReSTE.Native.Slopes;

namespace ReSTE.Native.Engine.Tests.Estimators;

/// <summary>The slopes that are 0 or 1: exact in every form.</summary>
public sealed class PlainSlopeTests
{
    // Values, and whether the clipped slope passes there.
    private static readonly (float X, double Clipped)[] Points =
        [
            (0, 1), (-0f, 1), (0.1f, 1), (MathF.BitIncrement(0.1f), 1), (MathF.BitDecrement(1), 1), (1, 1), (MathF.BitIncrement(1), 0),
            (1.5f, 0), (MathF.BitIncrement(1.5f), 0), (float.PositiveInfinity, 0), (float.NaN, 0), (-0.1f, 1), (-1, 1),
            (-MathF.BitIncrement(1), 0), (-MathF.BitDecrement(1), 1), (-1.5f, 0), (float.NegativeInfinity, 0), (float.Epsilon, 1),
            (float.MaxValue, 0),
        ];

    [Fact]
    public void Clipped_is_one_up_to_one()
    {
        ClippedSlope slope = ClippedSlope.Create(default);
        Assert.All(Points, p => Assert.Equal(p.Clipped, slope.Evaluate(p.X)));
        foreach (int bits in CpuVectors.Available)
            Assert.Equal(Points.Select(p => (float)p.Clipped), SlopeVectors.Evaluate(bits, slope, [.. Points.Select(p => p.X)]));
    }

    [Fact]
    public void Identity_is_one_everywhere()
    {
        IdentitySlope slope = IdentitySlope.Create(default);
        foreach (int bits in CpuVectors.Available)
            Assert.All(SlopeVectors.Evaluate(bits, slope, [.. Points.Select(p => p.X)]), h => Assert.Equal(1, h));
        Assert.All(Points, p => Assert.Equal(1, slope.Evaluate(p.X)));
    }
}
