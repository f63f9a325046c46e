using ReSTE.Native.Packed;

namespace ReSTE.Native.Export;

/// <summary>Signs of weights without the bits that fill up the words of each tap: a row of words an output channel.</summary>
internal static class DenseSigns
{
    private const int PerWord = 32;

    /// <summary>From words of a tap [outputs, taps, words] to words of an output.</summary>
    public static uint[] Of(uint[] padded, int outputs, int taps, int inputs)
    {
        int words = PackedValues.WordsOf(inputs), row = PackedValues.WordsOf(taps * inputs);
        var dense = new uint[outputs * row];
        for (int o = 0; o < outputs; o++)
            for (int tap = 0; tap < taps; tap++)
                for (int i = 0; i < inputs; i++)
                {
                    uint sign = padded[(o * taps + tap) * words + i / PerWord] >> (i % PerWord) & 1;
                    int bit = tap * inputs + i;
                    dense[o * row + bit / PerWord] |= sign << (bit % PerWord);
                }

        return dense;
    }
}
