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
    public required CountWeights<TBits> Weights { get; init; }

    /// <summary>[N,H,W,words].</summary>
    public required uint* X { get; init; }

    /// <summary>Working memory, <see cref="CountPlan.WorkerWords"/> a worker.</summary>
    public required uint* Memory { get; init; }

    public required TSink Sink { get; init; }

    /// <summary>Does some rows of an image.</summary>
    public void Rows(long n, int first, int end, int worker)
    {
        CountWeights<TBits> weights = Weights;
        CountPlan plan = weights.Plan;
        ConvGeometry g = plan.Geometry;
        uint* image = Memory + worker * plan.WorkerWords, composed = image + plan.ComposedAt, vectors = image + plan.SumsAt;
        // Found once: a row of a small image takes no longer than finding these.
        uint* packed = weights.Block(0);
        int* columnStarts = weights.ColumnStarts;
        int blocks = weights.Blocks, patch = plan.PatchWords, rowWords = plan.PaddedColumns * plan.Words, step = g.Stride * plan.Words;
        int kernelRow = g.K * plan.Words, each = plan.ComposedStep, columns = g.OW;
        bool isCompact = plan.IsCompact;
        TSink sink = Sink;
        Fill(plan, X + n * g.H * g.W * plan.Words, first * g.Stride, (end - 1) * g.Stride + g.K, image);
        for (int p = first; p < end; p++)
        {
            uint* row = image + (long)p * g.Stride * rowWords;
            int* starts = weights.Starts(p, 0);
            if (isCompact)
                Compose(plan, row, composed);
            for (int block = 0; block < blocks; block++)
            {
                var run = new CountRow<TBits, TSink>
                {
                    Weights = packed + (nint)block * patch * TBits.Lanes,
                    Starts = starts + block * TBits.Lanes,
                    Classes = columnStarts,
                    Sink = sink.At(n, p, block, vectors),
                };
                if (isCompact)
                    run.Compact(composed, each, columns);
                else if (g.K == 3)
                    run.Nines(row, rowWords, step, patch / NineWords<TBits>.Words, columns);
                else
                    run.Any(row, rowWords, step, g.K, kernelRow, columns);
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
