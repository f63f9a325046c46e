namespace ReSTE.Native.Simd;

/// <summary>Tables and layout for taking an IEEE 754 single apart and putting one together by sixteenths.</summary>
internal static class SplitBits
{
    /// <summary>Bits of the fraction.</summary>
    public const int Fraction = 23;

    /// <summary>Bits of an index into the tables.</summary>
    public const int Index = 4;

    /// <summary>
    /// Added to a small number, this leaves its sixteenths in the lowest bits of the sum, whole numbers from bit <see cref="Index"/> on.
    /// </summary>
    public const float Sixteenths = 1.5f * (1 << (Fraction - Index));

    /// <summary>The bits of 31/32: fractions are kept in [31/32, 31/16), sixteenths around 1, 17/16, ...</summary>
    public const int Least = 0x3F800000 - (1 << (Fraction - Index - 1));

    /// <summary>Of every sixteenth from 1 on, one over it, rounded to 1/256.</summary>
    public static ReadOnlySpan<float> Inverse =>
    [
        256 / 256f, 241 / 256f, 228 / 256f, 216 / 256f, 205 / 256f, 195 / 256f, 186 / 256f, 178 / 256f,
        171 / 256f, 164 / 256f, 158 / 256f, 152 / 256f, 146 / 256f, 141 / 256f, 137 / 256f, 132 / 256f,
    ];

    /// <summary>log2 of one over <see cref="Inverse"/>.</summary>
    public static ReadOnlySpan<float> Log =>
    [
        0f, 0.08711066377003839f, 0.1671099858352583f, 0.2451124978365315f,
        0.320519900494554f, 0.3926696862503893f, 0.4608411888919686f, 0.5242665690336022f,
        0.5821474851141022f, 0.6424479953819163f, 0.6962192518228971f, 0.7520724865564145f,
        0.8101754411199827f, 0.8604486476012064f, 0.9019679170394733f, 0.9556058806415466f,
    ];

    /// <summary>2^(i/16).</summary>
    public static ReadOnlySpan<float> Power =>
    [
        1f, 1.044273782427414f, 1.090507732665258f, 1.138788634756692f,
        1.189207115002721f, 1.241857812073484f, 1.29683955465101f, 1.354255546936893f,
        1.414213562373095f, 1.476826145939499f, 1.542210825407941f, 1.610490331949254f,
        1.681792830507429f, 1.756252160373299f, 1.834008086409342f, 1.915206561397147f,
    ];
}
