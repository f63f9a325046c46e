using System.Runtime.Intrinsics;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// The words that one pixel of a binary convolution multiplies, and where they lie in an image's signs with a border of zeros around them,
/// so that every pixel sees a whole kernel: <see cref="FoldedUnit.Bases"/> takes out what the border adds. Up to sixteen channels fill half
/// a word, so two taps share one: planes beside the image hold pixels with their right neighbours, and with those below.
/// </summary>
internal readonly unsafe struct XnorWindow(ConvGeometry g)
{
    private const int Half = Bits.PerWord / 2;

    private readonly int _kernel = g.K, _padding = g.Padding, _width = g.W, _height = g.H;

    /// <summary>Words of a pixel.</summary>
    public int PixelWords { get; } = Bits.Words(g.I);

    /// <summary>Words of an image's row with its border.</summary>
    public int RowWords { get; } = (g.W + 2 * g.Padding) * Bits.Words(g.I);

    /// <summary>Words that a pixel multiplies.</summary>
    public int Count { get; } = IsPaired(g) ? (g.K * g.K + 1) / 2 : g.K * g.K * Bits.Words(g.I);

    private readonly bool _isPaired = IsPaired(g);

    /// <summary>Words of a worker's memory, whole cache lines.</summary>
    public long MemoryWords => Floats.Align((_isPaired ? 3 : 1) * (long)Plane);

    private int Plane => (_height + 2 * _padding) * RowWords;

    /// <summary>Where a word lies, counted from the first tap of the first.</summary>
    public int Offset(int word)
    {
        if (!_isPaired)
            return (word / PixelWords / _kernel * RowWords) + (word / PixelWords % _kernel * PixelWords) + (word % PixelWords);
        var (first, second) = Taps(word);
        int plane = second < 0 ? 0 : second == first + 1 ? 1 : 2;
        return plane * Plane + first / _kernel * RowWords + first % _kernel;
    }

    /// <summary>A word of a filter [K,K,words], laid out as that of the image.</summary>
    public uint Weight(uint* filter, int word)
    {
        if (!_isPaired)
            return filter[word];
        var (first, second) = Taps(word);
        return filter[first] | (second < 0 ? 0 : filter[second] << Half);
    }

    /// <summary>Lays out some rows of an image, those of the border counted; what they were is overwritten.</summary>
    public void Fill(uint* image, int firstRow, int endRow, uint* memory)
    {
        int border = _padding * PixelWords, inner = _width * PixelWords;
        for (int row = firstRow; row < endRow; row++)
        {
            var target = new Span<uint>(memory + (long)row * RowWords, RowWords);
            int source = row - _padding;
            if (source < 0 || source >= _height)
            {
                target.Clear();
                continue;
            }

            target[..border].Clear();
            new ReadOnlySpan<uint>(image + (long)source * inner, inner).CopyTo(target[border..]);
            target[(border + inner)..].Clear();
        }

        if (!_isPaired)
            return;
        Pair(memory, firstRow * RowWords, (endRow * RowWords) - 1, distance: 1, memory + Plane);
        Pair(memory, firstRow * RowWords, (endRow - 1) * RowWords, RowWords, memory + 2L * Plane);
    }

    private static bool IsPaired(in ConvGeometry g) => g.I <= Half && g.K > 1;

    // Pairs of neighbours in each row; an odd last column by pairs of rows; an odd last tap alone.
    private (int First, int Second) Taps(int word)
    {
        int ofRow = _kernel / 2, inRows = _kernel * ofRow;
        if (word < inRows)
            return (word / ofRow * _kernel + 2 * (word % ofRow), word / ofRow * _kernel + 2 * (word % ofRow) + 1);
        int tap = (2 * (word - inRows) + 1) * _kernel - 1;
        return (tap, tap + _kernel < _kernel * _kernel ? tap + _kernel : -1);
    }

    private static void Pair(uint* words, int first, int end, int distance, uint* pairs)
    {
        int i = first;
        for (; i + Vector256<uint>.Count <= end; i += Vector256<uint>.Count)
            (Vector256.Load(words + i) | (Vector256.Load(words + i + distance) << Half)).Store(pairs + i);
        for (; i < end; i++)
            pairs[i] = words[i] | (words[i + distance] << Half);
    }
}
