using ReSTE.Native.Operations;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// A convolution seen as rows: which source rows and which taps make an output row, forward and, transposed, backward.
/// With stride s the transposed convolution falls apart into s column phases, each with its own taps; forward there is one.
/// </summary>
internal readonly struct RowPlan
{
    private readonly int _stride, _padding;
    private readonly bool _transposed;

    private RowPlan(in ConvGeometry g, bool transposed)
    {
        _transposed = transposed;
        _stride = g.Stride;
        _padding = g.Padding;
        Images = g.N;
        Kernel = g.K;
        (SourceRows, SourceColumns, SourceChannels) = transposed ? (g.OH, g.OW, g.O) : (g.H, g.W, g.I);
        (Rows, Columns, Channels) = transposed ? (g.H, g.W, g.I) : (g.OH, g.OW, g.O);
        Phases = transposed ? g.Stride : 1;

        int low = 0, high = 0;
        for (int phase = 0; phase < Phases; phase++)
        {
            if (Taps(phase) == 0 || Pixels(phase) == 0)
                continue;
            int first = FirstSource(phase), last = first + (Pixels(phase) - 1) * PixelStep + Taps(phase) - 1;
            low = Math.Max(low, -first);
            high = Math.Max(high, last - (SourceColumns - 1));
        }

        Low = low;
        High = high;
    }

    /// <summary>Images.</summary>
    public int Images { get; }

    /// <summary>Kernel height and width.</summary>
    public int Kernel { get; }

    /// <summary>Rows of the real operand.</summary>
    public int SourceRows { get; }

    /// <summary>Columns of the real operand.</summary>
    public int SourceColumns { get; }

    /// <summary>Channels of the real operand.</summary>
    public int SourceChannels { get; }

    /// <summary>Rows of the result.</summary>
    public int Rows { get; }

    /// <summary>Columns of the result.</summary>
    public int Columns { get; }

    /// <summary>Channels of the result.</summary>
    public int Channels { get; }

    /// <summary>Column phases.</summary>
    public int Phases { get; }

    /// <summary>Zero columns to lay out before the first source column.</summary>
    public int Low { get; }

    /// <summary>Zero columns to lay out after the last source column.</summary>
    public int High { get; }

    /// <summary>Columns of a laid-out row.</summary>
    public int LaidOutColumns => Low + SourceColumns + High;

    /// <summary>Source columns between the first taps of neighbouring results of a phase.</summary>
    public int PixelStep => _transposed ? 1 : _stride;

    /// <summary>Units of a source pixel, each of a number of channels, the last of those that are left.</summary>
    public int UnitsPerPixel(int channelsPerUnit) => (SourceChannels + channelsPerUnit - 1) / channelsPerUnit;

    /// <summary>Forward: source x, result y.</summary>
    public static RowPlan Forward(in ConvGeometry g) => new(g, transposed: false);

    /// <summary>Backward: source dy, result dx.</summary>
    public static RowPlan Transposed(in ConvGeometry g) => new(g, transposed: true);

    /// <summary>Results of a phase in a row: columns phase, phase + Phases, ...</summary>
    public int Pixels(int phase) => (Columns - phase + Phases - 1) / Phases;

    /// <summary>Taps of a kernel row that reach a phase.</summary>
    public int Taps(int phase) => _transposed ? (Kernel - FirstTap(phase) + _stride - 1) / _stride : Kernel;

    /// <summary>The kernel column of the i-th tap of a phase, in the order of source columns.</summary>
    public int Tap(int phase, int i) => _transposed ? FirstTap(phase) + (Taps(phase) - 1 - i) * _stride : i;

    /// <summary>Source column of the first tap of a phase's first result; negative ones lie in the padding.</summary>
    public int FirstSource(int phase) => _transposed ? (phase + _padding - Tap(phase, 0)) / _stride : -_padding;

    /// <summary>The source row that kernel row <paramref name="tap"/> brings to result row <paramref name="row"/>, or -1.</summary>
    public int SourceRow(int row, int tap)
    {
        int source = _transposed ? row + _padding - tap : row * _stride + tap - _padding;
        if (_transposed)
        {
            if (source < 0 || source % _stride != 0)
                return -1;
            source /= _stride;
        }

        return source >= 0 && source < SourceRows ? source : -1;
    }

    private int FirstTap(int phase) => (phase + _padding) % _stride;
}
