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

    /// <summary>Weights, <see cref="Stride"/> for each output pixel; zero after the last.</summary>
    public int[] Weights { get; private set; } = [];

    /// <summary>Weights of an output pixel, those after the last included: the most source pixels that an output pixel has.</summary>
    public int Stride { get; private set; }

    /// <summary>Output pixels.</summary>
    public int Outputs { get; private set; }

    /// <summary>The first source pixel that any output pixel needs.</summary>
    public int Begin => First[0];

    /// <summary>The source pixel after the last one that is needed.</summary>
    public int End => First[Outputs - 1] + Count[Outputs - 1];

    /// <summary>The source pixels that some output pixels need, in the words of <see cref="Set"/>: the first, and how many.</summary>
    public static (int First, int Count) Reach(int source, int target, int from, int outputs)
    {
        var filter = new Filter(source, target);
        int first = filter.Begin(from);
        return (first, filter.End(from + outputs - 1) - first);
    }

    /// <summary>Computes the weights of some of the output pixels.</summary>
    /// <param name="source">Pixels of the source.</param>
    /// <param name="target">Pixels of the whole result.</param>
    /// <param name="from">The first of the result that is wanted.</param>
    /// <param name="outputs">How many are wanted.</param>
    public void Set(int source, int target, int from, int outputs)
    {
        var filter = new Filter(source, target);
        if (First.Length < outputs)
            (First, Count) = (new int[outputs], new int[outputs]);
        (Outputs, Stride) = (outputs, 0);
        for (int i = 0; i < outputs; i++)
        {
            First[i] = filter.Begin(from + i);
            Count[i] = filter.End(from + i) - First[i];
            Stride = Math.Max(Stride, Count[i]);
        }
        Reserve(checked(outputs * Stride));
        for (int i = 0; i < outputs; i++)
        {
            Span<double> row = _row.AsSpan(0, Count[i]);
            Weigh(filter.Centre(from + i), First[i], row, filter.Inverse);
            Round(row, Weights.AsSpan(i * Stride, Stride));
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

    private static void Round(ReadOnlySpan<double> row, Span<int> weights)
    {
        for (int k = 0; k < row.Length; k++)
            weights[k] = (int)(0.5 + row[k] * (1 << Precision));
        weights[row.Length..].Clear();
    }

    private void Reserve(int weights)
    {
        if (Weights.Length < weights)
            Weights = GC.AllocateUninitializedArray<int>(weights);
        if (_row.Length < Stride)
            _row = new double[Stride];
    }

    /// <summary>The triangle along one axis, and where it lies for an output pixel.</summary>
    private readonly struct Filter(int source, int target)
    {
        private readonly double _scale = (double)source / target;

        private double Support => Math.Max(_scale, 1.0);

        public double Inverse => 1.0 / Support;

        public double Centre(int output) => (output + 0.5) * _scale;

        public int Begin(int output) => Math.Max((int)(Centre(output) - Support + 0.5), 0);

        public int End(int output) => Math.Min((int)(Centre(output) + Support + 0.5), source);
    }
}
