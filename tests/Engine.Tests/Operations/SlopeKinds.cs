using System.Reflection;
using ReSTE.Native.Slopes;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Every slope there is, with parameters that suit it: all exact in single precision.</summary>
internal static class SlopeKinds
{
    private static readonly SlopeParameters ResteAtThree = Reste(3);

    public static IReadOnlyList<SlopeKind> All { get; } =
        [.. typeof(SlopeKind).GetProperties(BindingFlags.Public | BindingFlags.Static).Select(p => (SlopeKind)p.GetValue(null)!)];

    public static SlopeKind Named(string name) => All.Single(slope => slope.Name == name);

    /// <summary>
    /// Parameters to try a slope with, the most usual first. A slope that is not listed has ReSTE's at o = 3, which most do not look at.
    /// </summary>
    public static IReadOnlyList<SlopeParameters> Parameters(SlopeKind slope) => [.. Listed(slope).Select(Single)];

    /// <summary>The slope's largest magnitude with those parameters.</summary>
    public static double Largest(SlopeKind slope, int which = 0)
    {
        SlopeParameters p = Parameters(slope)[which];
        return Enumerable.Range(0, 2001).Max(i => Math.Abs(slope.Evaluate(i * 1e-3, p)));
    }

    private static SlopeParameters[] Listed(SlopeKind slope) => slope.Name switch
    {
        "reste" => [ResteAtThree, Reste(1), Reste(1.25), Reste(2), Reste(5)],
        "sign_swish" => [new(5, 0, 0, 0), new(1, 0, 0, 0), new(40, 0, 0, 0)],
        "ede" => [new(1, 1, 0, 0), new(1000, 1e-3, 0, 0), new(10, 0.1, 0, 0), new(1, 9.772372, 0, 0)],
        "dsq" => [Dsq(0.2), Dsq(0.4), Dsq(0.9), Dsq(0.001)],
        "rbnn" => [new(1, 1, 0, 0), new(3.162278, 0.3162278, 0, 0), new(1, 5.623413, 0, 0), new(100, 0.01, 0, 0)],
        "fourier" => [new(0.1, 9, 0, 0), new(0.1, 18, 0, 0), new(1.5, 30, 0, 0), new(1e-3, 0, 0, 0)],
        "exste" => [new(1, 1.5, 0, 0), new(0.01, 1.5, 0, 0), new(6.25, 1.5, 0, 0), new(0, 1.5, 0, 0), new(1e-7, 0.5, 0, 0)],
        _ => [ResteAtThree],
    };

    private static SlopeParameters Reste(double o) => new(o, 1.5, 0.1f, Math.Pow(0.1, 1 / o) / 0.1);

    private static SlopeParameters Dsq(double alpha) => new(Math.Log(2 / alpha - 1) / 2, 1 / (1 - alpha), 0, 0);

    private static SlopeParameters Single(SlopeParameters p) => new((float)p.P0, (float)p.P1, (float)p.P2, (float)p.P3);
}
