namespace ReSTE.Native.Images.Resizing;

/// <summary>
/// Which source pixels make each output pixel along one axis, and with which weights: Pillow's bilinear filter in fixed point. The triangle
/// is as wide as an output pixel where the image shrinks, which is what antialiases it. Weights are normalised in double precision and
/// rounded to <see cref="Precision"/> bits after the point.
/// </summary>
internal sealed class Taps
{
    /// <summary>Bits after the point: 32 less 8 of a pixel and 2 for the sums of other filters.</summary>
    public const int Precision = 32 - 8 - 2;

    /// <summary>One half, which is added before the bits after the point are dropped.</summary>
    public const int Half = 1 << (Precision - 1);

    private double[] _row = [];

    /// <summary>First source pixel of each output pixel.</summary>
    public int[] First { get; private set; } = [];

    /// <summary>Source pixels of each output pixel.</summary>
    public int[] Count { get; private set; } = [];

    /// <summary>
    /// Weights, <see cref="Stride"/> for each output pixel, each of them <see cref="Lanes"/> times in a row; zero after the last.
    /// </summary>
    public int[] Weights { get; private set; } = [];

    /// <summary>Weights of an output pixel, those after the last included.</summary>
    public int Stride { get; private set; }

    /// <summary>How often each weight is repeated.</summary>
    public int Lanes { get; private set; } = 1;

    /// <summary>Output pixels.</summary>
    public int Outputs { get; private set; }

    /// <summary>The most source pixels that an output pixel has.</summary>
    public int MostCount { get; private set; }

    /// <summary>The first source pixel that any output pixel needs.</summary>
    public int Begin => First[0];

    /// <summary>The source pixel after the last one that is needed.</summary>
    public int End => First[Outputs - 1] + Count[Outputs - 1];

    /// <summary>Computes the weights of some of the output pixels.</summary>
    /// <param name="source">Pixels of the source.</param>
    /// <param name="target">Pixels of the whole result.</param>
    /// <param name="from">The first of the result that is wanted.</param>
    /// <param name="outputs">How many are wanted.</param>
    /// <param name="multiple">What <see cref="Stride"/> is a multiple of.</param>
    /// <param name="lanes">How often each weight is repeated.</param>
    public void Set(int source, int target, int from, int outputs, int multiple = 1, int lanes = 1)
    {
        double scale = (double)source / target, support = Math.Max(scale, 1.0), inverse = 1.0 / support;
        int most = Math.Min((int)Math.Ceiling(support) * 2 + 1, source);
        (Outputs, Lanes, Stride) = (outputs, lanes, (most + multiple - 1) / multiple * multiple);
        Reserve(outputs, checked(outputs * Stride * lanes), most);
        MostCount = 0;
        for (int i = 0; i < outputs; i++)
        {
            double centre = (from + i + 0.5) * scale;
            int first = Math.Max((int)(centre - support + 0.5), 0);
            int count = Math.Min((int)(centre + support + 0.5), source) - first;
            (First[i], Count[i], MostCount) = (first, count, Math.Max(MostCount, count));
            Weigh(centre, first, _row.AsSpan(0, count), inverse);
            Round(_row.AsSpan(0, count), Weights.AsSpan(i * Stride * lanes, Stride * lanes), lanes);
        }
    }

    /// <summary>The triangle's heights over the pixels' centres, made to add up to one.</summary>
    private static void Weigh(double centre, int first, Span<double> row, double inverse)
    {
        double sum = 0;
        for (int k = 0; k < row.Length; k++)
        {
            double distance = Math.Abs((k + first - centre + 0.5) * inverse);
            row[k] = distance < 1.0 ? 1.0 - distance : 0.0;
            sum += row[k];
        }
        if (sum != 0)
        {
            for (int k = 0; k < row.Length; k++)
                row[k] /= sum;
        }
    }

    private static void Round(ReadOnlySpan<double> row, Span<int> weights, int lanes)
    {
        for (int k = 0; k < row.Length; k++)
            weights.Slice(k * lanes, lanes).Fill((int)(0.5 + row[k] * (1 << Precision)));
        weights[(row.Length * lanes)..].Clear();
    }

    private void Reserve(int outputs, int weights, int row)
    {
        if (First.Length < outputs)
            (First, Count) = (new int[outputs], new int[outputs]);
        if (Weights.Length < weights)
            Weights = GC.AllocateUninitializedArray<int>(weights);
        if (_row.Length < row)
            _row = new double[row];
    }
}
