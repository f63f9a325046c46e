using System.Runtime.CompilerServices;

namespace ReSTE.Native.Simd;

/// <summary>
/// a^p for positive normal a and |p log2 a| &lt; 100, in single precision: 2^(p log2 a). log2 by the series of artanh,
/// cut where the next term is below half a unit in the last place, so the error is that of rounding p log2 a: 2.3e-7 of the result
/// for a in [0.1, 1.5], where ReSTE needs it, 7e-7 for a in [1e-4, 1e4]. The library's exp and log take ten times as long: they serve every
/// argument there is.
/// </summary>
internal static class Power
{
    // log2(f) = (2 / ln 2) (s + s^3/3 + s^5/5 + ...), s = (f - 1) / (f + 1), |s| <= 1/5.
    private const float L1 = 2.885390081777927f, L3 = 0.961796693925976f, L5 = 0.577078016355585f, L7 = 0.412198583111132f,
        L9 = 0.320598897975325f, L11 = 0.262308189252539f;

    /// <summary>a^p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSimd Of<TSimd>(TSimd a, float p) where TSimd : unmanaged, ISimd<TSimd>
    {
        TSimd one = TSimd.Broadcast(1), fraction = TSimd.Split(a, out TSimd exponent);
        TSimd s = (fraction - one) / (fraction + one), square = s * s;
        TSimd series = Next(Next(Next(Next(TSimd.Broadcast(L11), square, L9), square, L7), square, L5), square, L3);
        TSimd log = TSimd.MultiplyAdd(Next(series, square, L1), s, exponent);
        return Exponential.OfTwo(log * TSimd.Broadcast(p));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TSimd Next<TSimd>(TSimd sum, TSimd x, float coefficient) where TSimd : unmanaged, ISimd<TSimd> =>
        TSimd.MultiplyAdd(sum, x, TSimd.Broadcast(coefficient));
}
