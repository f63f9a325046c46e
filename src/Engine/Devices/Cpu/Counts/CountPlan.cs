using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// How the XNOR convolution of a binary unit walks an image. The zero padding is written out, as signs of +1, and every pixel counts all of
/// its taps; what those in the padding have counted is taken off by where the count starts, a number for each channel and each way in which
/// a kernel reaches over the border.
/// </summary>
internal readonly struct CountPlan
{
    /// <summary>Words of a 3x3 kernel of at most sixteen channels: two pixels share one.</summary>
    public const int CompactWords = 5;

    /// <summary>Bits of a pixel where two share a word.</summary>
    public const int Half = 16;

    private const int MostLanes = 16;

    private readonly ConvGeometry _geometry;

    public CountPlan(in ConvGeometry g)
    {
        _geometry = g;
        RowClasses = Classes(g.OH, g.H);
        ColumnClasses = Classes(g.OW, g.W);
    }

    public ConvGeometry Geometry => _geometry;

    /// <summary>Words of an input pixel.</summary>
    public int Words => Bits.Words(_geometry.I);

    /// <summary>Whether two pixels of a kernel share a word.</summary>
    public bool IsCompact => _geometry.K == 3 && 2 * _geometry.I <= Bits.PerWord;

    /// <summary>Words of all taps of a pixel.</summary>
    public int PatchWords => IsCompact ? CompactWords : _geometry.K * _geometry.K * Words;

    /// <summary>Columns of an image with its padding.</summary>
    public int PaddedColumns => _geometry.W + 2 * _geometry.Padding;

    /// <summary>
    /// Words of a worker's memory: an image with its padding; of one row the words in which pixels are paired, and a vector a pixel.
    /// </summary>
    public long WorkerWords => SumsAt + Floats.Align(_geometry.OW * MostLanes);

    /// <summary>Where in it the vectors begin.</summary>
    public long SumsAt => ComposedAt + (IsCompact ? CompactWords * ComposedStep : 0);

    /// <summary>Where in it the paired pixels begin.</summary>
    public long ComposedAt => Floats.Align((long)(_geometry.H + 2 * _geometry.Padding) * PaddedColumns * Words);

    /// <summary>Words from the first words of the pixels to their second ones.</summary>
    public int ComposedStep => (int)Floats.Align(_geometry.OW);

    /// <summary>Ways in which kernels reach over the upper and lower border, none among them.</summary>
    public int RowClasses { get; }

    /// <summary>Ways in which kernels reach over the left and right border, none among them.</summary>
    public int ColumnClasses { get; }

    /// <summary>Whether a row is the first of its class.</summary>
    public bool OpensRow(int p) => Opens(p, _geometry.H);

    /// <summary>Whether a column is the first of its class.</summary>
    public bool OpensColumn(int q) => Opens(q, _geometry.W);

    /// <summary>Kernel rows of an output row that lie inside the image.</summary>
    public (int First, int End) RowTaps(int p) => Taps(p, _geometry.H);

    /// <summary>Kernel columns of an output column that lie inside the image.</summary>
    public (int First, int End) ColumnTaps(int q) => Taps(q, _geometry.W);

    /// <summary>Products of signs that a count may have: sixteen bits hold it, and 32 its square times the pixels of a short row.</summary>
    public static bool Suits(in ConvGeometry g) => (long)g.K * g.K * g.I <= MostProducts;

    /// <summary>How many squares of counts 32 bits hold.</summary>
    public int PixelsASum => int.MaxValue / (Products * Products);

    /// <summary>Taps times channels.</summary>
    public int Products => _geometry.K * _geometry.K * _geometry.I;

    private const int MostProducts = 16 * 1024;

    private (int First, int End) Taps(int at, int size)
    {
        int low = at * _geometry.Stride - _geometry.Padding;
        return (Math.Clamp(-low, 0, _geometry.K), Math.Clamp(size - low, 0, _geometry.K));
    }

    // Neighbours that see the same taps are of one class: the first tap never grows from one to the next, nor does the last.
    private bool Opens(int at, int size) => at == 0 || Taps(at, size) != Taps(at - 1, size);

    private int Classes(int count, int size)
    {
        int classes = 0;
        for (int at = 0; at < count; at++)
            classes += Opens(at, size) ? 1 : 0;
        return classes;
    }
}
