using System.Globalization;
using ReSTE.Native.Slopes;

namespace ReSTE.Native.Engine.Tests.Estimators;

/// <summary>Worked numbers of the slopes, to half a unit of the last digit, and what their integrals say.</summary>
public sealed class WorkedSlopesTests
{
    // At 0, .05, .1, .25, .5, .75, .9, 1, 1.25, 1.5 and 2; a row that ends early was worked out no further.
    private static readonly float[] Grid = [0, 0.05f, 0.1f, 0.25f, 0.5f, 0.75f, 0.9f, 1, 1.25f, 1.5f, 2];

    // Half a unit of the sixth decimal; single precision adds some 1e-7 of the largest value, and what rounding a point moves.
    private const double Half = 0.51e-6, Relative = 1e-6;

    public static TheoryData<string, double, double, double[]> Rows => new()
    {
        { "approx_sign", 0, 0, [2, 1.9, 1.8, 1.5, 1, 0.5, 0.2, 0, 0, 0, 0] },
        {
            "sign_swish", 5, 0,
            [5, 4.846163, 4.412290, 2.262047, -0.084622, -0.354178, -0.260911, -0.194992, -0.081265, -0.030340, -0.003631]
        },
        {
            "ede", 1, 1,
            [1, 0.997504, 0.990066, 0.940015, 0.786448, 0.596586, 0.486917, 0.419974, 0.280415, 0.180707, 0.070651]
        },
        { "ede", 1, 9.77237220955811, [9.772372, 7.765937, 4.248005, 0.290725, 0.002228, 0.000017] },
        {
            "dsq", 1.0986122886681098, 1.25,
            [1.373265, 1.369130, 1.356823, 1.274669, 1.029949, 0.743451, 0.586672, 0.494376, 0, 0, 0]
        },
        { "rbnn", 3.1622776601683795, 0.31622776601683794, [1.414214, 1.398402, 1.382591, 1.335157, 1.256100, 1.177043] },
        {
            "rbnn", 1, 1.7782794100389228,
            [2.514867, 2.356753, 2.198639, 1.724297, 0.933728, 0.143159, 0, 0, 0, 0, 0]
        },
        { "rbnn", 1, 1, [1.414214, 1.364214, 1.314214, 1.164214, 0.914214, 0.664214, 0.514214, 0.414214, 0.164214, 0, 0] },
        {
            "fourier", 0.1, 9,
            [1.273240, 1.271124, 1.264789, 1.220974, 1.071841, 0.847494, 0.689787, 0.579843, 0, 0, 0]
        },
        {
            "fourier", 0.1, 18,
            [2.419155, 2.404636, 2.361392, 2.071561, 1.205369, 0.244248, -0.194661, -0.390171, 0, 0, 0]
        },
        {
            "exste", 1, 1.5,
            [1.581977, 1.504823, 1.431432, 1.232045, 0.959517, 0.747273, 0.643184, 0.581977, 0.453244, 0.352987, 0]
        },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Definition_and_vectors_give_the_worked_numbers(string name, double p0, double p1, double[] expected)
    {
        SlopeKind slope = Operations.SlopeKinds.Named(name);
        var p = new SlopeParameters(p0, p1, 0, 0);
        for (int i = 0; i < expected.Length; i++)
        {
            double x = double.Parse(Grid[i].ToString("r", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            Assert.Equal(expected[i], slope.Evaluate(x, p), Half);
            Assert.Equal(expected[i], slope.Evaluate(-x, p), Half);
        }

        double bound = Half + Relative * expected.Max(Math.Abs);
        foreach (int bits in CpuVectors.Available)
        {
            float[] h = SlopeVectors.Evaluate(bits, slope, p, Grid);
            Assert.All(expected, (value, i) => Assert.Equal(value, h[i], bound));
        }
    }

    [Fact]
    public void Dsq_at_another_smoothness_gives_the_worked_numbers()
    {
        var p = new SlopeParameters(Math.Log(2 / 0.4 - 1) / 2, 1 / 0.6, 0, 0);
        Assert.Equal(1.155245, SlopeKind.Dsq.Evaluate(0, p), Half);
        Assert.Equal(0.739357, SlopeKind.Dsq.Evaluate(1, p), Half);
        Assert.Equal(0, SlopeKind.Dsq.Evaluate(MathF.BitIncrement(1), p));
    }

    // f of each: s tanh(k x) is 1 at 1; SignSwish 2 s (1 + y (1 - s)) - 1; k tanh(t x); the sine series; 2 x - x |x|.
    [Fact]
    public void The_integral_of_a_slope_is_its_forward_map()
    {
        double k = Math.Log(2 / 0.2 - 1) / 2;
        Check(SlopeKind.Dsq, new(k, 1.25, 0, 0), 1, x => 1.25 * Math.Tanh(k * x));
        Assert.Equal(1, 1.25 * Math.Tanh(k), 1e-12);
        foreach (double beta in new[] { 1.0, 5, 40 })
            Check(SlopeKind.SignSwish, new(beta, 0, 0, 0), 2, x => SignSwish(beta * x));
        foreach (double o in new[] { 0.01, 1, 6.25 })
            Check(SlopeKind.Exste, new(o, 1.5, 0, 0), 1.5, x => (1 - Math.Exp(-o * x)) / (1 - Math.Exp(-o)));
        Check(SlopeKind.Exste, new(0, 1.5, 0, 0), 1.5, x => x);
        Check(SlopeKind.Ede, new(1, 9.77, 0, 0), 2, x => Math.Tanh(9.77 * x));
        Check(SlopeKind.Ede, new(1000, 1e-3, 0, 0), 2, x => 1000 * Math.Tanh(1e-3 * x));
        foreach (int n in new[] { 0, 9, 18 })
            Check(SlopeKind.Fourier, new(0.1, n, 0, 0), 1, x => Series(0.1, n, x));
        Check(SlopeKind.ApproxSign, default, 1, x => 2 * x - x * x);
    }

    [Fact]
    public void Tents_hold_the_area_of_their_sides()
    {
        // From 0 to sqrt(2) / t the tent of height k t sqrt(2) has the area k.
        foreach (var (k, t) in new[] { (1.0, 1.0), (3.0, 0.5), (1.0, 7.0) })
            Check(SlopeKind.Rbnn, new(k, t, 0, 0), Math.Sqrt(2) / t, x => k * (Math.Sqrt(2) * t * x - t * t * x * x / 2));
    }

    private static double SignSwish(double y)
    {
        double s = 1 / (1 + Math.Exp(-y));
        return 2 * s * (1 + y * (1 - s)) - 1;
    }

    private static double Series(double omega, int n, double x) =>
        4 / Math.PI * Enumerable.Range(0, n + 1).Sum(i => Math.Sin((2 * i + 1) * omega * x) / (2 * i + 1));

    /// <summary>Simpson's rule from 0 to the end and to two points on the way, good to 1e-9 at 4000 steps of these smooth slopes.</summary>
    private static void Check(SlopeKind slope, SlopeParameters p, double end, Func<double, double> forward)
    {
        const int steps = 4000;
        foreach (double to in new[] { end / 3, end / 2, end })
        {
            double width = to / steps, sum = 0;
            for (int i = 0; i < steps; i++)
            {
                double left = i * width, right = Math.Min(to, left + width);
                sum += width / 6 * (slope.Evaluate(left, p) + 4 * slope.Evaluate(left + width / 2, p) + slope.Evaluate(right, p));
            }

            Assert.Equal(forward(to) - forward(0), sum, 1e-7);
        }
    }
}
