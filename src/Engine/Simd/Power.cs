using System.Runtime.CompilerServices;

namespace ReSTE.Native.Simd;

/// <summary>
/// a^p for positive normal a and |p log2 a| &lt; 100, in single precision: 2^(p log2 a). The logarithm is that of one of sixteen numbers
/// by table and a series of what is left, the power likewise; both are cut where the next term is below a fifth of a unit in the last
/// place, so the error is that of rounding p log2 a. The library's exp and log take ten times as long: they serve every argument there is.
/// </summary>
internal static class Power
{
    // log2(1 + r) = (r - r^2/2 + r^3/3 - r^4/4 + ...) / ln 2, |r| <= 1/32.
    private const float L1 = 1.442695040888963f, L2 = -0.721347520444482f, L3 = 0.480898346962988f, L4 = -0.360673760222241f;

    // 2^x = sum of (x ln 2)^k / k!, |x| <= 1/32.
    private const float T1 = 0.693147180559945f, T2 = 0.240226506959101f, T3 = 0.0555041086648216f;

    /// <summary>a^p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSimd Of<TSimd>(TSimd a, float p) where TSimd : unmanaged, ISimd<TSimd> => Exp(Log(a) * TSimd.Broadcast(p));

    /// <summary>log2 a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSimd Log<TSimd>(TSimd a) where TSimd : unmanaged, ISimd<TSimd>
    {
        TSimd r = TSimd.SplitLog(a, out TSimd exponent, out TSimd log);
        TSimd series = Next(Next(Next(TSimd.Broadcast(L4), r, L3), r, L2), r, L1);
        return TSimd.MultiplyAdd(series, r, log) + exponent;
    }

    /// <summary>2^x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSimd Exp<TSimd>(TSimd x) where TSimd : unmanaged, ISimd<TSimd>
    {
        TSimd power = TSimd.PowerOfTwo(x, out TSimd rest);
        TSimd exp = Next(Next(TSimd.Broadcast(T3), rest, T2), rest, T1);
        return TSimd.MultiplyAdd(power, exp * rest, power);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TSimd Next<TSimd>(TSimd sum, TSimd x, float coefficient) where TSimd : unmanaged, ISimd<TSimd> =>
        TSimd.MultiplyAdd(sum, x, TSimd.Broadcast(coefficient));
}
