using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.C;

/// <summary>
/// The weights of a convolution of signs, and where its counts start. The code counts every tap, those in the padding as signs of +1; the
/// start of a count takes off again what those have added: a number for each output and each way in which a kernel reaches over the border.
/// </summary>
internal sealed class CSigns
{
    private const int PerWord = 32;

    private readonly SignConv _layer;
    private readonly int _inputs, _taps, _row, _lanes;

    public CSigns(SignConv layer, ValueShape x, ValueShape y)
    {
        _layer = layer;
        (_inputs, _taps, _lanes) = (x.Channels, layer.Conv.Kernel * layer.Conv.Kernel, CLayouts.Lanes(y.Channels));
        _row = PackedValues.WordsOf(_taps * _inputs);
        Weights = Packed();
        var (rows, rowClasses) = Classes(y.Height, x.Height);
        var (columns, columnClasses) = Classes(y.Width, x.Width);
        RowStarts = Array.ConvertAll(rows, row => row * columnClasses.Count * _lanes);
        ColumnStarts = Array.ConvertAll(columns, column => column * _lanes);
        Starts = AllStarts(rowClasses, columnClasses);
    }

    /// <summary>[groups, words of a kernel, 16].</summary>
    public uint[] Weights { get; }

    /// <summary>[row classes, column classes, lanes].</summary>
    public int[] Starts { get; }

    /// <summary>Where in the starts those of a row are.</summary>
    public int[] RowStarts { get; }

    /// <summary>Where in those those of a column are.</summary>
    public int[] ColumnStarts { get; }

    // Two pixels in a word leave sixteen bits to each, else a pixel has whole words.
    private uint[] Packed()
    {
        int bits = CLayouts.IsPaired(_layer.Conv, _inputs) ? PerWord / 2 : PackedValues.WordsOf(_inputs) * PerWord;
        int size = PackedValues.WordsOf(_taps * bits);
        var packed = new uint[size * _lanes];
        for (int o = 0; o < _layer.Conv.Channels; o++)
            for (int tap = 0; tap < _taps; tap++)
                for (int c = 0; c < _inputs; c++)
                {
                    int bit = tap * bits + c, at = (o / CLayouts.Group * size + bit / PerWord) * CLayouts.Group + o % CLayouts.Group;
                    packed[at] |= Bit(o, tap * _inputs + c) << (bit % PerWord);
                }

        return packed;
    }

    private uint Bit(int o, int at) => _layer.Signs[o * _row + at / PerWord] >> (at % PerWord) & 1;

    private int[] AllStarts(List<(int First, int End)> rows, List<(int First, int End)> columns)
    {
        var starts = new int[rows.Count * columns.Count * _lanes];
        for (int o = 0; o < _layer.Conv.Channels; o++)
        {
            int[] sums = [.. Enumerable.Range(0, _taps).Select(tap => Sum(o, tap))];
            for (int r = 0; r < rows.Count; r++)
                for (int c = 0; c < columns.Count; c++)
                    starts[(r * columns.Count + c) * _lanes + o] = _taps * _inputs - Outside(sums, rows[r], columns[c]);
        }

        return starts;
    }

    private int Sum(int o, int tap)
    {
        int sum = 0;
        for (int c = 0; c < _inputs; c++)
            sum += 1 - 2 * (int)Bit(o, tap * _inputs + c);
        return sum;
    }

    private int Outside(int[] sums, (int First, int End) rows, (int First, int End) columns)
    {
        int sum = 0;
        for (int tap = 0; tap < _taps; tap++)
        {
            int a = tap / _layer.Conv.Kernel, b = tap % _layer.Conv.Kernel;
            if (a < rows.First || a >= rows.End || b < columns.First || b >= columns.End)
                sum += sums[tap];
        }

        return sum;
    }

    // Neighbours whose kernels have the same taps inside are of one class.
    private (int[] Of, List<(int First, int End)> Classes) Classes(int count, int size)
    {
        var classes = new List<(int First, int End)>();
        var of = new int[count];
        for (int at = 0; at < count; at++)
        {
            int low = at * _layer.Conv.Stride - _layer.Conv.Padding, kernel = _layer.Conv.Kernel;
            var taps = (Math.Clamp(-low, 0, kernel), Math.Clamp(size - low, 0, kernel));
            if (classes.Count == 0 || classes[^1] != taps)
                classes.Add(taps);
            of[at] = classes.Count - 1;
        }

        return (of, classes);
    }
}
