using System.Globalization;
using ReSTE.Native.Estimators;
using ReSTE.Native.Slopes;

namespace ReSTE.Native.Engine.Tests.Estimators;

/// <summary>The slope of ReSTE: its definition against the closed form and worked numbers, its vectors against the definition.</summary>
public sealed class ResteSlopeTests
{
    private static readonly float[] Edges =
    [
        0.1f, MathF.BitIncrement(0.1f), MathF.BitDecrement(0.1f), 1, MathF.BitIncrement(1), MathF.BitDecrement(1),
        1.5f, MathF.BitIncrement(1.5f), MathF.BitDecrement(1.5f), 0, float.Epsilon, 1e-38f, float.MaxValue, float.PositiveInfinity,
    ];

    public static TheoryData<double> Exponents => [1, 1.25, 1.5, 2, 3, 5, 10];

    [Theory]
    [MemberData(nameof(Exponents))]
    public void Definition_is_the_closed_form_at_every_edge(double o)
    {
        ResteSlope slope = Slope(o);
        foreach (float edge in Edges)
            foreach (double x in new[] { (double)edge, -edge })
            {
                double expected = edge <= 0.1f ? Math.Pow(0.1, 1 / o) / 0.1 : edge <= 1.5f ? Math.Pow(edge, (1 - o) / o) / o : 0;
                Assert.Equal(expected, slope.Evaluate(x), 1e-14 * expected);
            }

        Assert.Equal(0, slope.Evaluate(double.NaN));
    }

    // Columns: 0, just above 0.1, 0.2, 0.5, 1, 1.5; at 0.05 and 0.1 as at 0, beyond 1.5 zero.
    [Theory]
    [InlineData(1, 1, 1, 1, 1, 1, 1)]
    [InlineData(1.5, 2.154435, 1.436289, 1.139984, 0.839947, 0.666667, 0.582387)]
    [InlineData(2, 3.162278, 1.581138, 1.118034, 0.707107, 0.5, 0.408248)]
    [InlineData(3, 4.641589, 1.547195, 0.974673, 0.529134, 0.333333, 0.254381)]
    [InlineData(10, 7.943282, 0.794328, 0.425670, 0.186607, 0.1, 0.069425)]
    public void Definition_gives_the_worked_numbers(double o, double secant, double above, double fifth, double half, double one,
        double limit)
    {
        ResteSlope slope = Slope(o);
        Assert.All([0, -0.0, 0.05, -0.05, 0.1f, -0.1f], x => Assert.Equal(secant, slope.Evaluate(x), 1e-6));
        Assert.Equal(above, slope.Evaluate(MathF.BitIncrement(0.1f)), 2e-6); // taken some 1e-7 above 0.1, where h falls by 10 a unit
        Assert.Equal(fifth, slope.Evaluate(-0.2), 1e-6);
        Assert.Equal(half, slope.Evaluate(0.5), 1e-6);
        Assert.Equal(one, slope.Evaluate(-1), 1e-6);
        Assert.Equal(limit, slope.Evaluate(1.5), 1e-6);
        Assert.Equal(0, slope.Evaluate(-MathF.BitIncrement(1.5f)));
    }

    // The slope is the derivative of a map from 0 to 1.5^(1/o): its integral says so. Simpson's rule from m to t is good to 1e-9.
    [Theory]
    [MemberData(nameof(Exponents))]
    public void Integral_up_to_the_limit_is_the_forward_map_there(double o)
    {
        ResteSlope slope = Slope(o);
        const int steps = 4000;
        double from = MathF.BitIncrement(0.1f), width = (1.5 - from) / steps, sum = from * slope.Evaluate(0.05);
        for (int i = 0; i < steps; i++)
        {
            double left = from + i * width;
            sum += width / 6 * (slope.Evaluate(left) + 4 * slope.Evaluate(left + width / 2) + slope.Evaluate(Math.Min(1.5, left + width)));
        }

        Assert.Equal(Math.Pow(1.5, 1 / o), sum, 1e-7); // the secant reaches to 0.1f, 1.5e-9 beyond 0.1
    }

    [Theory]
    [MemberData(nameof(Exponents))]
    public void Vectors_follow_the_definition(double o)
    {
        ResteSlope slope = Slope(o);
        float[] x = [.. Edges, .. Edges.Select(v => -v), float.NaN, .. Enumerable.Range(0, 40_001).Select(i => (i - 20_000) * 1e-4f)];
        foreach (int bits in CpuVectors.Available)
        {
            float[] h = SlopeVectors.Evaluate(bits, slope, x);
            double worst = 0;
            for (int i = 0; i < x.Length; i++)
            {
                double expected = slope.Evaluate(x[i]), off = Math.Abs(h[i] - expected) / (expected == 0 ? 1 : expected);
                Assert.True(off <= 1e-6, string.Create(CultureInfo.InvariantCulture,
                    $"h({x[i]:r}), o {o}, {bits} bits: {h[i]:r}, expected {expected:r}"));
                worst = Math.Max(worst, off);
            }

            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{bits} bits, o {o}: off by at most {worst:e2}"));
        }
    }

    private static ResteSlope Slope(double o) => ResteSlope.Create(new Reste().Parameters(o));
}
