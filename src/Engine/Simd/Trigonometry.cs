using System.Runtime.CompilerServices;

namespace ReSTE.Native.Simd;

/// <summary>
/// sin and cos in single precision for |x| up to 1000. x is brought to [-pi/2, pi/2] by taking whole multiples of pi off in three parts
/// (Cody and Waite), then a polynomial of degree nine follows, fitted to the sine of that range for the smallest relative error, 6e-9.
/// Error 1.2e-7 absolute over [-1000, 1000], and of the sine of |x| up to pi/2 1.5e-7 of the result; both measured.
/// </summary>
internal static class Trigonometry
{
    // pi: the first two parts have eight and ten bits, so that their products with multiples below 2^14 are exact.
    private const float PerPi = 0.318309886183791f, PiHigh = 3.140625f, PiMiddle = 0.0009670257568359375f, PiLow = 6.27832957178498e-07f;

    private const float S3 = -0.16666659712791443f, S5 = 0.008333067409694195f, S7 = -0.0001980967354029417f, S9 = 2.605944700917462e-06f;

    /// <summary>sin x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSimd Sin<TSimd>(TSimd x) where TSimd : unmanaged, ISimd<TSimd>
    {
        TSimd multiple = TSimd.Round(x * TSimd.Broadcast(PerPi));
        return Reduced(Reduce(x, multiple)) * Parity(multiple);
    }

    /// <summary>cos x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSimd Cos<TSimd>(TSimd x) where TSimd : unmanaged, ISimd<TSimd>
    {
        // About the zero in whose half period x lies, at an odd number of half pi: cos((m + 1/2) pi + r) = -(-1)^m sin r.
        TSimd half = TSimd.Broadcast(0.5f), multiple = TSimd.Round(TSimd.MultiplyAdd(x, TSimd.Broadcast(PerPi), TSimd.Zero - half));
        return Reduced(Reduce(x, multiple + half)) * (TSimd.Zero - Parity(multiple));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TSimd Reduce<TSimd>(TSimd x, TSimd multiple) where TSimd : unmanaged, ISimd<TSimd>
    {
        TSimd r = TSimd.MultiplyAdd(multiple, TSimd.Broadcast(-PiHigh), x);
        r = TSimd.MultiplyAdd(multiple, TSimd.Broadcast(-PiMiddle), r);
        return TSimd.MultiplyAdd(multiple, TSimd.Broadcast(-PiLow), r);
    }

    /// <summary>The sine of [-pi/2, pi/2].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TSimd Reduced<TSimd>(TSimd r) where TSimd : unmanaged, ISimd<TSimd>
    {
        TSimd square = r * r;
        TSimd series = Next(Next(Next(TSimd.Broadcast(S9), square, S7), square, S5), square, S3);
        return TSimd.MultiplyAdd(series * square, r, r);
    }

    /// <summary>1 for an even whole number, -1 for an odd one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TSimd Parity<TSimd>(TSimd whole) where TSimd : unmanaged, ISimd<TSimd>
    {
        TSimd half = whole * TSimd.Broadcast(0.5f);
        return TSimd.MultiplyAdd(TSimd.Abs(half - TSimd.Round(half)), TSimd.Broadcast(-4), TSimd.Broadcast(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TSimd Next<TSimd>(TSimd sum, TSimd x, float coefficient) where TSimd : unmanaged, ISimd<TSimd> =>
        TSimd.MultiplyAdd(sum, x, TSimd.Broadcast(coefficient));
}
