using System.Runtime.CompilerServices;

namespace ReSTE.Native.Simd;

/// <summary>
/// e^x in single precision: a power of two times Taylor's series of the rest, cut where the next term is below half a unit in the last
/// place. Error 9e-8 of the result over [-87, 88], measured.
/// </summary>
internal static class Exponential
{
    /// <summary>Between these e^x is a normal number; beyond them <see cref="Of"/> gives what it gives there.</summary>
    public const float Lowest = -87, Highest = 88;

    // e^x = sum of x^k / k!, |x| <= ln 2 / 2.
    private const float E2 = 1 / 2f, E3 = 1 / 6f, E4 = 1 / 24f, E5 = 1 / 120f, E6 = 1 / 720f, E7 = 1 / 5040f;

    // ln 2 in two parts: the first has nine bits, so that its products with whole numbers are exact.
    private const float PerLn2 = 1.44269504088896f, Ln2High = 0.693359375f, Ln2Low = -2.12194440054691e-4f;

    /// <summary>e^x of any x, cut to [<see cref="Lowest"/>, <see cref="Highest"/>]; of a NaN no number to rely on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSimd Of<TSimd>(TSimd x) where TSimd : unmanaged, ISimd<TSimd>
    {
        TSimd lowest = TSimd.Broadcast(Lowest), highest = TSimd.Broadcast(Highest);
        x = TSimd.SelectLess(x, lowest, lowest, TSimd.SelectGreater(x, highest, highest, x));
        TSimd whole = TSimd.Round(x * TSimd.Broadcast(PerLn2));
        x = TSimd.MultiplyAdd(whole, TSimd.Broadcast(-Ln2High), x);
        x = TSimd.MultiplyAdd(whole, TSimd.Broadcast(-Ln2Low), x);
        TSimd exp = Next(Next(Next(TSimd.Broadcast(E7), x, E6), x, E5), x, E4);
        return TSimd.Scale(Next(Next(Next(Next(exp, x, E3), x, E2), x, 1), x, 1), whole);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TSimd Next<TSimd>(TSimd sum, TSimd x, float coefficient) where TSimd : unmanaged, ISimd<TSimd> =>
        TSimd.MultiplyAdd(sum, x, TSimd.Broadcast(coefficient));
}
