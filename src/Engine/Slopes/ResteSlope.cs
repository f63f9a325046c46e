using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Slopes;

/// <summary>
/// Slope of ReSTE (Wu et al., ICCV 2023, arXiv 2308.06689, eq. 7): 0 beyond t, |x|^((1-o)/o) / o in between, the secant m^(1/o) / m
/// up to m. Parameters: o, t, m, secant. Published code compares with t and m in single precision, so 0.1f lies on the secant.
/// </summary>
internal readonly struct ResteSlope : ISlope<ResteSlope>
{
    private readonly double _inverse, _exponent, _secant;
    private readonly float _limit, _interval, _inverseSingle, _exponentSingle, _secantSingle;

    private ResteSlope(in SlopeParameters p)
    {
        _inverse = 1 / p.P0;
        _exponent = (1 - p.P0) / p.P0;
        _limit = (float)p.P1;
        _interval = (float)p.P2;
        _secant = p.P3;
        _secantSingle = (float)p.P3;
        float o = (float)p.P0;
        _inverseSingle = 1 / o;
        _exponentSingle = (1 - o) / o;
    }

    public static bool HasHalves => true;

    public static ResteSlope Create(in SlopeParameters p) => new(p);

    public double Evaluate(double x)
    {
        double a = Math.Abs(x);
        if (a <= _interval)
            return _secant;
        return a <= _limit ? _inverse * Math.Pow(a, _exponent) : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TSimd Evaluate<TSimd>(TSimd x) where TSimd : unmanaged, ISimd<TSimd> => Finish(this, x, Begin(this, x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSimd Begin<TSimd>(in ResteSlope slope, TSimd x) where TSimd : unmanaged, ISimd<TSimd> =>
        Power.Log(TSimd.Abs(x)) * TSimd.Broadcast(slope._exponentSingle);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSimd Finish<TSimd>(in ResteSlope slope, TSimd x, TSimd begun) where TSimd : unmanaged, ISimd<TSimd>
    {
        TSimd a = TSimd.Abs(x), power = Power.Exp(begun) * TSimd.Broadcast(slope._inverseSingle);
        TSimd outer = TSimd.SelectLessOrEqual(a, TSimd.Broadcast(slope._limit), power, TSimd.Zero);
        return TSimd.SelectLessOrEqual(a, TSimd.Broadcast(slope._interval), TSimd.Broadcast(slope._secantSingle), outer);
    }
}

public abstract partial class SlopeKind
{
    /// <summary>The derivative of sign(x)|x|^(1/o) with a linear piece around 0; parameters o, t, m, m^(1/o) / m.</summary>
    public static SlopeKind Reste { get; } = new Of<ResteSlope>("reste", 2);
}
