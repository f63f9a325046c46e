using System.Runtime.CompilerServices;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// The XNOR convolution of a binary unit: the exact sums of products of signs, K_valid - 2 popcount(x xor w), in sixteen bits, and of those
/// of each channel, rectified, the sum and the sum of squares, which are whole numbers and so have no order. A lane is an output channel.
/// Three words of differing bits are added to two by a carry-save adder before bits are counted.
/// </summary>
internal readonly unsafe struct CountJob<TBits> where TBits : unmanaged, IBitSimd<TBits>
{
    /// <summary>Bits of a pixel where two share a word.</summary>
    public const int Half = 16;

    private const int Nine = 9;

    public required CountWeights<TBits> Weights { get; init; }

    /// <summary>[N,H,W,words].</summary>
    public required uint* X { get; init; }

    /// <summary>[N,OH,OW,O].</summary>
    public required short* Counts { get; init; }

    /// <summary>Working memory, <see cref="WorkerWords"/> a worker.</summary>
    public required uint* Memory { get; init; }

    private CountPlan Plan => Weights.Plan;

    /// <summary>An image with its padding, then the words of one row's pixels and their column classes.</summary>
    public static long WorkerWords(in CountPlan plan) =>
        Floats.Align(plan.ImageWords) + (CountPlan.CompactWords + 1) * Floats.Align(plan.Geometry.OW);

    /// <summary>Makes the padding in a worker's memory.</summary>
    public void Begin(int worker)
    {
        CountPlan plan = Plan;
        new Span<uint>(Memory + worker * WorkerWords(plan), (int)plan.ImageWords).Clear();
        int* classes = Classes(plan, worker);
        for (int q = 0, column = 0; q < plan.Geometry.OW; q++)
        {
            if (q > 0 && plan.ColumnTaps(q) != plan.ColumnTaps(q - 1))
                column++;
            classes[q] = column * Weights.StartStep;
        }
    }

    /// <summary>Does one image; adds to the two sums [2, O].</summary>
    public void Image(long n, int worker, double* sums)
    {
        CountPlan plan = Plan;
        ConvGeometry g = plan.Geometry;
        uint* image = Memory + worker * WorkerWords(plan);
        Copy(plan, X + n * g.H * g.W * plan.Words, image);
        uint* composed = image + Floats.Align(plan.ImageWords);
        short* y = Counts + n * g.OH * g.OW * g.O;
        for (int p = 0, rowClass = 0; p < g.OH; p++, y += (long)g.OW * g.O)
        {
            if (p > 0 && plan.RowTaps(p) != plan.RowTaps(p - 1))
                rowClass++;
            uint* row = image + (long)p * g.Stride * plan.PaddedColumns * plan.Words;
            if (plan.IsCompact)
                Compose(plan, row, composed);
            for (int block = 0; block < Weights.Blocks; block++)
            {
                var run = new CountRow<TBits>
                {
                    Weights = Weights.Block(block),
                    Starts = Weights.Starts(rowClass, block),
                    Classes = Classes(plan, worker),
                    Y = y + block * TBits.Lanes,
                    Step = g.O,
                    Lanes = Math.Min(TBits.Lanes, g.O - block * TBits.Lanes),
                    Sums = sums + block * TBits.Lanes,
                    PixelsASum = plan.PixelsASum,
                };
                if (plan.IsCompact)
                    run.Compact(composed, (int)Floats.Align(g.OW), g.OW);
                else if (g.K == 3)
                    run.Nines(row, plan.PaddedColumns * plan.Words, g.Stride * plan.Words, plan.PatchWords / Nine, g.OW);
                else
                    run.Any(row, plan.PaddedColumns * plan.Words, g.Stride * plan.Words, g.K, g.K * plan.Words, g.OW);
            }
        }
    }

    private int* Classes(in CountPlan plan, int worker) =>
        (int*)(Memory + (worker + 1) * WorkerWords(plan) - Floats.Align(plan.Geometry.OW));

    private static void Copy(in CountPlan plan, uint* x, uint* image)
    {
        ConvGeometry g = plan.Geometry;
        int row = g.W * plan.Words;
        for (int r = 0; r < g.H; r++)
            Unsafe.CopyBlockUnaligned(image + ((long)(r + g.Padding) * plan.PaddedColumns + g.Padding) * plan.Words, x + (long)r * row,
                (uint)row * sizeof(uint));
    }

    // As CountWeights pairs the taps.
    private static void Compose(in CountPlan plan, uint* row, uint* composed)
    {
        int width = plan.PaddedColumns, step = plan.Geometry.Stride, count = plan.Geometry.OW;
        int each = (int)Floats.Align(count);
        uint* second = row + width, third = second + width;
        Pair(row, row + 1, step, count, composed);
        Pair(row + 2, second, step, count, composed + each);
        Pair(second + 1, second + 2, step, count, composed + 2 * each);
        Pair(third, third + 1, step, count, composed + 3 * each);
        Pair(third + 2, null, step, count, composed + 4 * each);
    }

    private static void Pair(uint* low, uint* high, int step, int count, uint* target)
    {
        int q = 0;
        for (; step == 1 && q + TBits.Lanes <= count; q += TBits.Lanes)
            TBits.StoreJoined(TBits.Load(low + q), high == null ? default : TBits.Load(high + q), target + q);
        for (; q < count; q++)
            target[q] = low[q * step] | (high == null ? 0 : high[q * step] << Half);
    }
}
