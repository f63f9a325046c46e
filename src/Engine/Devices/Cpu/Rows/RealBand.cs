using ReSTE.Native.Operations;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// Source rows of some images, in place for a real convolution: computes one result row of each by one panel of weights, in tiles of two
/// quads of pixels. Where a row is no whole number of tiles, the last one begins earlier; where it is one quad, two images share a tile.
/// </summary>
internal readonly unsafe struct RealBand<TSimd> where TSimd : unmanaged, ISimd<TSimd>
{
    private const int Quad = RealTile<TSimd>.Quad, Pixels = RealTile<TSimd>.Pixels;

    public required RowPlan Plan { get; init; }

    public required int Images { get; init; }

    /// <summary>Where the first image's row 0 lies, or would lie.</summary>
    public float* Rows { get; init; }

    /// <summary>Singles between rows.</summary>
    public long RowStep { get; init; }

    /// <summary>Singles between images.</summary>
    public long ImageStep { get; init; }

    /// <summary>Memory of one tile.</summary>
    public required float* Tile { get; init; }

    /// <summary>The first image's result, [rows, columns, channels].</summary>
    public required float* Target { get; init; }

    public required GradMode Mode { get; init; }

    private long TargetStep => (long)Plan.Rows * Plan.Columns * Plan.Channels;

    public void Compute(int row, in Panel<TSimd> panel, float* operand)
    {
        RowPlan plan = Plan;
        int width = panel.Width, tapsDone = 0;
        float** units = stackalloc float*[plan.Kernel], packed = stackalloc float*[plan.Kernel];
        for (int phase = 0; phase < plan.Phases; tapsDone += plan.Taps(phase++))
        {
            int runs = 0;
            for (int tap = 0; tap < plan.Kernel; tap++)
            {
                int from = plan.SourceRow(row, tap);
                if (from < 0)
                    continue;
                units[runs] = Rows + from * RowStep + (long)(plan.Low + plan.FirstSource(phase)) * plan.SourceChannels;
                packed[runs++] = operand + ((long)tap * plan.Kernel + tapsDone) * plan.SourceChannels * width;
            }

            float* target = Target + ((long)row * plan.Columns + phase) * plan.Channels + panel.First;
            int channels = Math.Min(width, plan.Channels - panel.First);
            if (runs == 0 || plan.Taps(phase) == 0)
            {
                Nothing(plan.Pixels(phase), target, channels);
                continue;
            }

            var tile = new RealTile<TSimd>
            {
                Runs = runs,
                Units = units,
                Packed = packed,
                Length = plan.Taps(phase) * plan.SourceChannels,
                Step = plan.PixelStep * plan.SourceChannels,
                Width = width,
            };
            Sweep(tile, plan.Pixels(phase), target, channels);
        }
    }

    /// <summary>Where no source pixel reaches a result: with a stride, most pixels of an input gradient.</summary>
    private void Nothing(int pixels, float* target, int channels)
    {
        if (Mode == GradMode.Add)
            return;
        for (int image = 0; image < Images; image++)
            for (int p = 0; p < pixels; p++)
                new Span<float>(To(target, image, p), channels).Clear();
    }

    private void Sweep(in RealTile<TSimd> tile, int pixels, float* target, int channels)
    {
        if (pixels == Quad)
        {
            for (int image = 0; image < Images; image += 2)
                TwoQuads(tile, image, 0, Math.Min(image + 1, Images - 1), 0, image + 1 < Images ? 0 : Quad, target, channels);
            return;
        }

        for (int image = 0; image < Images; image++)
        {
            int p = 0;
            if (pixels > Quad && pixels < Pixels)
            {
                TwoQuads(tile, image, 0, image, pixels - Quad, Pixels - pixels, target, channels);
                p = pixels;
            }

            for (; pixels >= Pixels && p < pixels; p += Pixels)
            {
                int at = Math.Min(p, pixels - Pixels);
                TwoQuads(tile, image, at, image, at + Quad, 0, target, channels, done: p - at);
            }

            for (; p < pixels; p++)
            {
                tile.One((nint)(image * ImageStep + (long)p * tile.Step), Tile);
                Finish(Tile, To(target, image, p), channels);
            }
        }
    }

    /// <summary>
    /// A quad of one image and one of the same or another; of the second, <paramref name="twice"/> pixels are the first one's too. Of both
    /// together, <paramref name="done"/> pixels are those of a tile before.
    /// </summary>
    private void TwoQuads(in RealTile<TSimd> tile, int image, int pixel, int otherImage, int otherPixel, int twice, float* target,
        int channels, int done = 0)
    {
        nint first = (nint)(image * ImageStep + (long)pixel * tile.Step);
        nint second = (nint)(otherImage * ImageStep + (long)otherPixel * tile.Step);
        if (Mode == GradMode.Write && channels == tile.Width)
        {
            tile.Compute(first, second, To(target, image, pixel), To(target, otherImage, otherPixel), Plan.Phases * Plan.Channels);
            return;
        }

        tile.Compute(first, second, Tile, Tile + Quad * tile.Width, tile.Width);
        for (int q = done; q < Pixels; q++)
        {
            if (q < Quad)
                Finish(Tile + q * tile.Width, To(target, image, pixel + q), channels);
            else if (q - Quad >= twice)
                Finish(Tile + q * tile.Width, To(target, otherImage, otherPixel + q - Quad), channels);
        }
    }

    private float* To(float* target, int image, int pixel) => target + image * TargetStep + (long)pixel * Plan.Phases * Plan.Channels;

    private void Finish(float* sums, float* target, int channels)
    {
        int c = 0;
        for (; c + TSimd.Width <= channels; c += TSimd.Width)
            (Mode == GradMode.Add ? TSimd.Load(sums + c) + TSimd.Load(target + c) : TSimd.Load(sums + c)).Store(target + c);
        for (; c < channels; c++)
            target[c] = Mode == GradMode.Add ? sums[c] + target[c] : sums[c];
    }
}
