using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// One image of a convolution of a real operand, row by row: lays out each source row once, keeping as many as the kernel is high, computes
/// an output row while they are in the first-level cache, and hands it over to be finished.
/// </summary>
internal readonly unsafe struct ConvRowsJob<TSimd, TProduct, TFinish> : IParallelJob
    where TSimd : unmanaged, ISimd<TSimd>
    where TProduct : unmanaged, IProduct<TSimd>
    where TFinish : unmanaged, IRowFinish
{
    public required RowPlan Plan { get; init; }

    /// <summary>[N, rows, columns, channels] of the source.</summary>
    public required float* Source { get; init; }

    /// <summary>Panels of result channels, as <see cref="SignPanels{TSimd, TSigns}"/> makes them.</summary>
    public required float* Packed { get; init; }

    /// <summary>Working memory, <see cref="WorkerFloats"/> singles a worker.</summary>
    public required float* Scratch { get; init; }

    public required TFinish Finish { get; init; }

    public static int PaddedChannels(in RowPlan plan) => Floats.Pad(plan.Channels, TSimd.Width);

    public static int UnitsPerPixel(in RowPlan plan) => plan.UnitsPerPixel(TProduct.ChannelsPerUnit);

    // A vector more: one that is loaded some bytes further on ends there.
    public static long PackedFloats(in RowPlan plan) =>
        Panel<TSimd>.Size(plan, RowKernel<TSimd, TProduct>.PackedSingles(plan)) + TSimd.Width;

    public static long WorkerFloats(in RowPlan plan) =>
        Floats.Align(plan.Kernel * RowFloats(plan) + (long)plan.Columns * PaddedChannels(plan));

    /// <summary>Bytes of the packed operand and the workers' memory.</summary>
    public static long Bytes(in RowPlan plan, int workers) => sizeof(float) * (PackedFloats(plan) + workers * WorkerFloats(plan));

    public void Run(int part, int worker) =>
        ComputeImage(part, worker, Source + (long)part * Plan.SourceRows * Plan.SourceColumns * Plan.SourceChannels);

    /// <summary>Computes one image from its source [rows, columns, channels].</summary>
    public void ComputeImage(long image, int worker, float* source)
    {
        RowPlan plan = Plan;
        float* laidOut = Scratch + worker * WorkerFloats(plan), sums = laidOut + plan.Kernel * RowFloats(plan);
        ClearBorders(plan, laidOut);
        int ready = 0;
        for (int row = 0; row < plan.Rows; row++)
        {
            Finish.Expect(plan, image, row);
            int needed = LastSource(plan, row);
            for (; ready <= needed; ready++)
                LayOut(plan, source, ready, laidOut);
            SumRow(row, laidOut, sums);
            Finish.Row(sums, PaddedChannels(plan), plan, image, row);
        }
    }

    private static int UnitFloats(in RowPlan plan) => UnitsPerPixel(plan) * TProduct.UnitSize;

    /// <summary>Where a source row lies while it is needed.</summary>
    private static float* LaidOut(in RowPlan plan, float* laidOut, int row) => laidOut + row % plan.Kernel * RowFloats(plan);

    private static void LayOut(in RowPlan plan, float* source, int row, float* laidOut) => TProduct.Layout(
        source + (long)row * plan.SourceColumns * plan.SourceChannels, plan.SourceColumns, plan.SourceChannels,
        LaidOut(plan, laidOut, row) + (long)plan.Low * UnitFloats(plan));

    /// <summary>The sums of one result row, phase by phase: [columns, padded channels].</summary>
    private void SumRow(int row, float* laidOut, float* sums)
    {
        RowPlan plan = Plan;
        int channels = PaddedChannels(plan), units = UnitsPerPixel(plan), tapsDone = 0;
        int panels = Panel<TSimd>.Count(plan, TProduct.PanelVectors);
        long singles = RowKernel<TSimd, TProduct>.PackedSingles(plan);
        float** starts = stackalloc float*[plan.Kernel];
        int* packed = stackalloc int[plan.Kernel];
        for (int phase = 0; phase < plan.Phases; tapsDone += plan.Taps(phase++))
        {
            int runs = 0, pixels = plan.Pixels(phase);
            for (int tap = 0; tap < plan.Kernel; tap++)
            {
                int from = plan.SourceRow(row, tap);
                if (from < 0)
                    continue;
                starts[runs] = LaidOut(plan, laidOut, from) + (long)(plan.Low + plan.FirstSource(phase)) * UnitFloats(plan);
                packed[runs++] = (tap * plan.Kernel + tapsDone) * units;
            }

            for (int number = 0; number < panels; number++)
            {
                var panel = new Panel<TSimd>(plan, number, TProduct.PanelVectors);
                var kernel = new RowKernel<TSimd, TProduct>
                {
                    Runs = runs,
                    Units = starts,
                    Packed = Packed + panel.Start(singles),
                    PackedUnits = packed,
                    Width = panel.Width,
                    Length = plan.Taps(phase) * units,
                    PixelStep = plan.PixelStep * UnitFloats(plan),
                    OutStep = plan.Phases * channels,
                };
                kernel.Run(pixels, sums + (long)phase * channels + panel.First);
            }
        }
    }

    private static long RowFloats(in RowPlan plan) => Floats.Align((long)plan.LaidOutColumns * UnitsPerPixel(plan) * TProduct.UnitSize);

    private static int LastSource(in RowPlan plan, int row)
    {
        int last = -1;
        for (int tap = 0; tap < plan.Kernel; tap++)
            last = Math.Max(last, plan.SourceRow(row, tap));
        return last;
    }

    // A zero in the padding adds zero: the table of four zeros is all zeros, as is a real zero.
    private static void ClearBorders(in RowPlan plan, float* laidOut)
    {
        int unit = UnitFloats(plan);
        for (int row = 0; row < plan.Kernel; row++)
        {
            float* start = LaidOut(plan, laidOut, row);
            new Span<float>(start, plan.Low * unit).Clear();
            new Span<float>(start + (long)(plan.Low + plan.SourceColumns) * unit, plan.High * unit).Clear();
        }
    }
}
