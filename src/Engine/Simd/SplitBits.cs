namespace ReSTE.Native.Simd;

/// <summary>Layout of an IEEE 754 single, for taking it apart.</summary>
internal static class SplitBits
{
    /// <summary>Bits of the fraction.</summary>
    public const int Fraction = 23;

    /// <summary>The bits of 2/3: fractions are kept in [2/3, 4/3), where log2 lies evenly around 0.</summary>
    public const int TwoThirds = 0x3F2AAAAB;
}
