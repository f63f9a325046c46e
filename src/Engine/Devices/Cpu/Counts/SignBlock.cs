using System.Runtime.CompilerServices;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>Where the signs of a row go, of channels that lie in one word of each pixel: [columns, words], or null for nowhere.</summary>
/// <param name="signs">Those of the row.</param>
/// <param name="words">Words of a pixel.</param>
/// <param name="first">The first of the channels.</param>
internal readonly unsafe struct SignBlock(uint* signs, int words, int first)
{
    private readonly uint* _signs = signs == null ? null : signs + first / Bits.PerWord;
    private readonly int _shift = first % Bits.PerWord, _words = words;

    /// <summary>Writes those of a pixel, a bit a channel; the channels of a word come in their order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(int column, uint bits)
    {
        if (_signs == null)
            return;
        uint* word = _signs + (nint)column * _words;
        *word = _shift == 0 ? bits : *word | bits << _shift;
    }
}
