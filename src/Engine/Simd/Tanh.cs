using System.Runtime.CompilerServices;

namespace ReSTE.Native.Simd;

/// <summary>
/// tanh and its derivative 1 - tanh^2 in single precision, both from e = exp(-2 |x|): (1 - e) / (1 + e) and 4 e / (1 + e)^2, so that the
/// derivative keeps its digits where tanh is 1 to the last of its own. Error of tanh 1.2e-7 absolute, of the derivative 2.8e-7 of itself
/// up to |x| = 43; both measured.
/// </summary>
internal static class Tanh
{
    // Beyond it the derivative, below 2e-37, counts as 0.
    private const float Far = 43;

    /// <summary>tanh x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSimd Of<TSimd>(TSimd x) where TSimd : unmanaged, ISimd<TSimd>
    {
        TSimd tanh = OfMagnitude(TSimd.Abs(x), out _);
        return TSimd.SelectLess(x, TSimd.Zero, TSimd.Zero - tanh, tanh);
    }

    /// <summary>1 - tanh^2 x; 0 for a NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSimd Derivative<TSimd>(TSimd x) where TSimd : unmanaged, ISimd<TSimd>
    {
        OfMagnitude(TSimd.Abs(x), out TSimd derivative);
        return derivative;
    }

    /// <summary>tanh a and 1 - tanh^2 a for a that is not negative; the latter 0 for a NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSimd OfMagnitude<TSimd>(TSimd a, out TSimd derivative) where TSimd : unmanaged, ISimd<TSimd>
    {
        TSimd one = TSimd.Broadcast(1), e = Exponential.Of(a * TSimd.Broadcast(-2)), inverse = one / (one + e);
        TSimd near = TSimd.Broadcast(4) * e * inverse * inverse;
        derivative = TSimd.SelectLessOrEqual(a, TSimd.Broadcast(Far), near, TSimd.Zero);
        return (one - e) * inverse;
    }
}
