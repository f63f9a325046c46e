namespace ReSTE.Native.Slopes;

/// <summary>
/// The four numbers a slope may depend on, new in every epoch. <see cref="SlopeKind"/> names them in this order; those of no meaning are 0.
/// </summary>
/// <param name="P0">The first, such as the exponent o of <see cref="SlopeKind.Reste"/>, at least 1.</param>
/// <param name="P1">The second, such as its t: no gradient beyond |x| = t.</param>
/// <param name="P2">The third, such as its m: half width of the linear piece around 0.</param>
/// <param name="P3">The fourth, such as the slope of that piece, m^(1/o) / m.</param>
public readonly record struct SlopeParameters(double P0, double P1, double P2, double P3)
{
    /// <summary>How many they are.</summary>
    internal const int Count = 4;
}
