using ReSTE.Native.Operations;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// A convolution of reals for a few images: their rows are laid out with zeros beside them, a band of rows that stays in the second-level
/// cache, and one panel of weights after another meets all of the band. No sum depends on how images and rows are put together.
/// </summary>
internal readonly unsafe struct RealConvJob<TSimd> : IParallelJob where TSimd : unmanaged, ISimd<TSimd>
{
    // Of source rows in the second-level cache, beside a panel.
    private const int BandBytes = 256 << 10;

    // Of weights that stay there whole.
    private const int FewBytes = 256 << 10;

    // Result pixels that a panel should meet while it is there, and how many images may be put together for it.
    private const int FewPixels = 64, MostImages = 4;

    public required RowPlan Plan { get; init; }

    /// <summary>Images of a part.</summary>
    public required int Group { get; init; }

    /// <summary>[N, rows, columns, channels] of the source.</summary>
    public required float* Source { get; init; }

    /// <summary>The weights, as <see cref="RealPanels{TSimd}"/> lays them out.</summary>
    public required float* Packed { get; init; }

    /// <summary>Working memory, <see cref="WorkerFloats"/> singles a worker.</summary>
    public required float* Scratch { get; init; }

    /// <summary>[N, rows, columns, channels] of the result.</summary>
    public required float* Target { get; init; }

    public required GradMode Mode { get; init; }

    /// <summary>How many images make a part: more than one where images are small, and every thread has several parts.</summary>
    public static int Together(in RowPlan plan, int threads)
    {
        int wanted = Math.Min(FewPixels / Math.Max(1, plan.Rows * plan.Pixels(0)), MostImages);
        return Math.Clamp(wanted, 1, Math.Max(1, plan.Images / (2 * threads)));
    }

    public static long WorkerFloats(in RowPlan plan, int group) => Floats.Align(RealTile<TSimd>.Widest * RealTile<TSimd>.Pixels)
        + (IsLaidOut(plan) ? Floats.Align(group * SourceRows(plan, BandRows(plan)) * RowFloats(plan)) : 0);

    public void Run(int part, int worker)
    {
        int first = part * Group;
        var band = new RealBand<TSimd>
        {
            Plan = Plan,
            Images = Math.Min(Group, Plan.Images - first),
            Tile = Scratch + worker * WorkerFloats(Plan, Group),
            Target = Target + (long)first * Plan.Rows * Plan.Columns * Plan.Channels,
            Mode = Mode,
        };
        float* source = Source + (long)first * Plan.SourceRows * RowOf(Plan), memory = band.Tile + Floats.Align(
            RealTile<TSimd>.Widest * RealTile<TSimd>.Pixels);
        int rows = BandRows(Plan);
        for (int top = 0; top < Plan.Rows; top += rows)
            Compute(band, source, memory, top, Math.Min(top + rows, Plan.Rows));
    }

    private void Compute(RealBand<TSimd> band, float* source, float* memory, int top, int bottom)
    {
        var (low, high) = Reach(top, bottom);
        band = IsLaidOut(Plan)
            ? band with
            {
                Rows = LayOut(band.Images, source, low, high, memory) - low * RowFloats(Plan),
                RowStep = RowFloats(Plan),
                ImageStep = Math.Max(0, high - low) * RowFloats(Plan),
            }
            : band with { Rows = source, RowStep = RowOf(Plan), ImageStep = Plan.SourceRows * RowOf(Plan) };
        // Few weights stay where they are: then a result row is written whole.
        int together = Panel<TSimd>.Size(Plan, RealPanels<TSimd>.Singles(Plan)) * sizeof(float) <= FewBytes ? 1 : bottom - top;
        for (int first = top; first < bottom; first += together)
            for (int number = 0; number < Panel<TSimd>.Count(Plan, RealTile<TSimd>.Vectors); number++)
            {
                var panel = new Panel<TSimd>(Plan, number, RealTile<TSimd>.Vectors);
                for (int row = first; row < first + together; row++)
                    band.Compute(row, panel, Packed + panel.Start(RealPanels<TSimd>.Singles(Plan)));
            }
    }

    /// <summary>The source rows that result rows reach; none where the first is not below the second.</summary>
    private (int Low, int High) Reach(int top, int bottom)
    {
        int low = Plan.SourceRows, high = 0;
        for (int row = top; row < bottom; row++)
            for (int tap = 0; tap < Plan.Kernel; tap++)
            {
                int from = Plan.SourceRow(row, tap);
                if (from >= 0)
                    (low, high) = (Math.Min(low, from), Math.Max(high, from + 1));
            }

        return low < high ? (low, high) : (0, 0);
    }

    private float* LayOut(int images, float* source, int low, int high, float* memory)
    {
        RowPlan plan = Plan;
        int row = plan.SourceColumns * plan.SourceChannels, before = plan.Low * plan.SourceChannels;
        float* to = memory;
        for (int image = 0; image < images; image++)
            for (int r = low; r < high; r++, to += RowFloats(plan))
            {
                new Span<float>(to, before).Clear();
                new Span<float>(source + ((long)image * plan.SourceRows + r) * row, row).CopyTo(new Span<float>(to + before, row));
                new Span<float>(to + before + row, plan.High * plan.SourceChannels).Clear();
            }

        return memory;
    }

    private static bool IsLaidOut(in RowPlan plan) => plan.Low > 0 || plan.High > 0;

    private static long RowOf(in RowPlan plan) => (long)plan.SourceColumns * plan.SourceChannels;

    private static long RowFloats(in RowPlan plan) => (long)plan.LaidOutColumns * plan.SourceChannels;

    private static int BandRows(in RowPlan plan)
    {
        long rows = BandBytes / (RowFloats(plan) * sizeof(float));
        return (int)Math.Clamp((rows - plan.Kernel) / plan.PixelStep + 1, 1, plan.Rows);
    }

    private static int SourceRows(in RowPlan plan, int rows) => Math.Min(plan.SourceRows, (rows - 1) * plan.PixelStep + plan.Kernel);
}
