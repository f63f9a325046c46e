using System.Globalization;
using ReSTE.Native.Engine.Tests.Operations;
using ReSTE.Native.Slopes;

namespace ReSTE.Native.Engine.Tests.Estimators;

/// <summary>What every slope owes: evenness, an answer for NaN and infinity, and vectors like its definition.</summary>
public sealed class SlopeFormTests
{
    // Products, sums and one exponential, sine or power good to 2e-7 each, of numbers no larger than the slope's largest. Seen: 2.9e-7.
    private const double Bound = 6e-7;

    public static TheoryData<string> Names => [.. SlopeKinds.All.Select(slope => slope.Name)];

    private static float[] Points { get; } =
    [
        0, float.Epsilon, 1e-38f, 1e-20f, 1e-6f, 0.1f, MathF.BitIncrement(0.1f), MathF.BitDecrement(1), 1, MathF.BitIncrement(1),
        MathF.BitDecrement(1.5f), 1.5f, MathF.BitIncrement(1.5f), 17, 90, 1e6f, float.MaxValue, float.PositiveInfinity,
        .. Enumerable.Range(0, 40_001).Select(i => i * 5e-5f),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Vectors_follow_the_definition(string name)
    {
        SlopeKind slope = SlopeKinds.Named(name);
        foreach (SlopeParameters p in SlopeKinds.Parameters(slope))
        {
            double largest = Points.Max(x => Math.Abs(slope.Evaluate(x, p))), worst = 0;
            foreach (int bits in CpuVectors.Available)
            {
                float[] h = SlopeVectors.Evaluate(bits, slope, p, Points);
                for (int i = 0; i < h.Length; i++)
                {
                    double expected = slope.Evaluate(Points[i], p), off = Math.Abs(h[i] - expected) / largest;
                    Assert.True(off <= Bound, string.Create(CultureInfo.InvariantCulture,
                        $"{name} {p} at {Points[i]:r}, {bits} bits: {h[i]:r}, expected {expected:r}, largest {largest:r}"));
                    worst = Math.Max(worst, off);
                }
            }

            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name} {p}: off by at most {worst:e2} of the largest"));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Slopes_are_even(string name)
    {
        SlopeKind slope = SlopeKinds.Named(name);
        float[] mirrored = [.. Points.Select(x => -x)];
        foreach (SlopeParameters p in SlopeKinds.Parameters(slope))
        {
            Assert.All(Points, x => Assert.Equal(slope.Evaluate(x, p), slope.Evaluate(-x, p)));
            foreach (int bits in CpuVectors.Available)
                Assert.Equal(SlopeVectors.Evaluate(bits, slope, p, Points), SlopeVectors.Evaluate(bits, slope, p, mirrored));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nan_and_infinity_pass_no_gradient(string name)
    {
        SlopeKind slope = SlopeKinds.Named(name);
        Assert.SkipWhen(slope == SlopeKind.Identity, "the identity is 1 everywhere");
        float[] outside = [float.NaN, float.PositiveInfinity, float.NegativeInfinity];
        foreach (SlopeParameters p in SlopeKinds.Parameters(slope))
        {
            Assert.All(outside, x => Assert.Equal(0, slope.Evaluate(x, p)));
            foreach (int bits in CpuVectors.Available)
                Assert.All(SlopeVectors.Evaluate(bits, slope, p, outside), h => Assert.Equal(0, h));
        }
    }
}
