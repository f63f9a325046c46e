using ReSTE.Native.Operations;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// The XNOR convolution of rows of an image: the exact sums of products of signs, K_valid - 2 popcount(x xor w), handed over as they are
/// found. A lane is an output channel. Three words of differing bits are added to two by a carry-save adder before bits are counted.
/// </summary>
internal readonly unsafe struct CountImage<TBits, TSink>
    where TBits : unmanaged, IBitSimd<TBits>
    where TSink : unmanaged, ICountSink<TSink, TBits>
{
    private const int Nine = 9;

    public required CountWeights<TBits> Weights { get; init; }

    /// <summary>[N,H,W,words].</summary>
    public required uint* X { get; init; }

    /// <summary>Working memory, <see cref="CountPlan.WorkerWords"/> a worker.</summary>
    public required uint* Memory { get; init; }

    public required TSink Sink { get; init; }

    private CountPlan Plan => Weights.Plan;

    /// <summary>Does some rows of an image.</summary>
    public void Rows(long n, int first, int end, int worker)
    {
        CountPlan plan = Plan;
        ConvGeometry g = plan.Geometry;
        uint* image = Memory + worker * plan.WorkerWords, composed = image + plan.ComposedAt;
        Fill(plan, X + n * g.H * g.W * plan.Words, first * g.Stride, (end - 1) * g.Stride + g.K, image);
        for (int p = first; p < end; p++)
        {
            uint* row = image + (long)p * g.Stride * plan.PaddedColumns * plan.Words;
            if (plan.IsCompact)
                Compose(plan, row, composed);
            for (int block = 0; block < Weights.Blocks; block++)
            {
                var run = new CountRow<TBits, TSink>
                {
                    Weights = Weights.Block(block),
                    Starts = Weights.Starts(p, block),
                    Classes = Weights.ColumnStarts,
                    Sink = Sink.At(n, p, block, image + plan.SumsAt),
                };
                if (plan.IsCompact)
                    run.Compact(composed, plan.ComposedStep, g.OW);
                else if (g.K == 3)
                    run.Nines(row, plan.PaddedColumns * plan.Words, g.Stride * plan.Words, plan.PatchWords / Nine, g.OW);
                else
                    run.Any(row, plan.PaddedColumns * plan.Words, g.Stride * plan.Words, g.K, g.K * plan.Words, g.OW);
            }
        }
    }

    /// <summary>Lays out some rows of an image with its padding, counted with it; signs of +1 are zeros.</summary>
    private static void Fill(in CountPlan plan, uint* x, int firstRow, int endRow, uint* image)
    {
        ConvGeometry g = plan.Geometry;
        int border = g.Padding * plan.Words, inner = g.W * plan.Words, width = inner + 2 * border;
        for (int row = firstRow; row < endRow; row++)
        {
            var target = new Span<uint>(image + (long)row * width, width);
            int source = row - g.Padding;
            if (source < 0 || source >= g.H)
            {
                target.Clear();
                continue;
            }

            target[..border].Clear();
            new ReadOnlySpan<uint>(x + (long)source * inner, inner).CopyTo(target[border..]);
            target[(border + inner)..].Clear();
        }
    }

    // As CountWeights pairs the taps.
    private static void Compose(in CountPlan plan, uint* row, uint* composed)
    {
        int width = plan.PaddedColumns, step = plan.Geometry.Stride, count = plan.Geometry.OW, each = plan.ComposedStep;
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
            target[q] = low[q * step] | (high == null ? 0 : high[q * step] << CountPlan.Half);
    }
}
