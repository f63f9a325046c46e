using System.Runtime.CompilerServices;

namespace ReSTE.Native.Tensors;

/// <summary>
/// How signs are packed: 32 channels a word, channel c in bit c % 32 of word c / 32; a set bit means value &lt; 0, so
/// sign(0) = sign(-0) = +1; the unused bits of the last word are zero. Kernels that pack or unpack many words at once keep to this;
/// tests compare them with it bit by bit.
/// </summary>
internal static class Bits
{
    /// <summary>Channels in one word.</summary>
    public const int PerWord = 32;

    /// <summary>Words that hold <paramref name="channels"/> channels.</summary>
    public static int Words(int channels) => (channels + PerWord - 1) / PerWord;

    /// <summary>The sign, +1 or -1, of channel <paramref name="channel"/> in a row of words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe int Sign(uint* words, int channel) => 1 - 2 * (int)((words[channel / PerWord] >> (channel % PerWord)) & 1);

    /// <summary>Whether a value is packed as a set bit. NaN packs as +1; training checks for it once an epoch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsNegative(double value) => value < 0;
}
