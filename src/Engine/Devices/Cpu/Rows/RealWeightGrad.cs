using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// Weight gradient of a convolution with a real operand: partial[a, m, o] = sum of x[.., m] * dy[.., o], where m runs over the columns and
/// channels of kernel row a, which lie one after another in a padded image. A lane is an output channel.
/// </summary>
internal readonly unsafe struct RealWeightGrad<TSimd> : IWeightGrad where TSimd : unmanaged, ISimd<TSimd>
{
    // Of a gradient, in the first-level cache: 16 KiB of a panel.
    private const int BandPixels = 128;

    /// <summary>[K,K*I,padded O].</summary>
    public static long PartialFloats(in ConvGeometry g) => (long)g.K * g.K * g.I * PaddedOutputs(g);

    public static long WorkerFloats(in ConvGeometry g) => Together(g) * (Floats.Align(PlaneFloats(g)) + GradientFloats(g));

    public static long ImageBytes(in ConvGeometry g) => (long)g.H * g.W * g.I * sizeof(float);

    /// <summary>Images added at once: several where they are small, so that sums are read and written less often.</summary>
    public static int Together(in ConvGeometry g) => Math.Clamp(BandPixels / (g.OH * g.OW), 1, g.N);

    public static void Begin(in ConvGeometry g, float* partial, float* memory)
    {
        BeginPlanes(g, memory);
        new Span<float>(partial, (int)PartialFloats(g)).Clear();
    }

    /// <summary>Makes the borders of the worker's padded images zero.</summary>
    public static void BeginPlanes(in ConvGeometry g, float* memory) =>
        new Span<float>(memory, (int)(Together(g) * Floats.Align(PlaneFloats(g)))).Clear();

    public static void AddImages(in ConvGeometry g, in GradientImages images, int firstBlock, int endBlock, float* partial, float* memory)
    {
        float* x = (float*)images.X;
        for (int n = 0; n < images.Count; n++, x += (long)g.H * g.W * g.I)
            AddImages(g, 1, x, images.Dy(n), partial, memory, fresh: false);
    }

    /// <summary>Adds some images; the first ones of a slice are <paramref name="fresh"/>, and need no sums to begin with.</summary>
    public static void AddImages(in ConvGeometry g, int images, float* x, float* dy, float* partial, float* memory, bool fresh)
    {
        // A tile reads up to whole blocks: of an image that is no copy only where there are only such.
        if (g.Padding == 0 && g.K * g.I % RealGradTile<TSimd>.Block == 0)
        {
            AddPlanes(g, images, x, (nint)g.H * g.W * g.I, dy, partial, memory, fresh);
            return;
        }

        int row = g.W * g.I;
        nint step = (nint)Floats.Align(PlaneFloats(g));
        for (int n = 0; n < images; n++)
            for (int r = 0; r < g.H; r++, x += row)
                new ReadOnlySpan<float>(x, row).CopyTo(new Span<float>(PlaneRow(g, memory + n * step, r), row));
        AddPlanes(g, images, memory, step, dy, partial, memory, fresh);
    }

    public static void AddSlices(in ConvGeometry g, Range outputs, int tap, float* partials, int slices, float* dw, GradMode mode)
    {
        const int Block = 16;
        int padded = PaddedOutputs(g), width = TSimd.Width;
        long size = PartialFloats(g), filter = (long)g.K * g.K * g.I;
        float* sums = stackalloc float[Block * width];
        for (int first = 0; first < g.I; first += Block)
            for (int o = outputs.Start.Value; o < outputs.End.Value; o += width)
            {
                int count = Math.Min(Block, g.I - first);
                float* from = partials + ((long)tap * g.I + first) * padded + o;
                for (int i = 0; i < count; i++, from += padded)
                    SumSlices(from, size, slices).Store(sums + i * width);
                for (int lane = 0; lane < Math.Min(width, g.O - o); lane++)
                    Put(sums + lane, count, dw + (o + lane) * filter + (long)tap * g.I + first, mode);
            }
    }

    /// <summary>Where a row of the image belongs in the padded one, which the worker's memory begins with.</summary>
    public static float* PlaneRow(in ConvGeometry g, float* memory, int row) =>
        memory + ((long)(row + g.Padding) * PlaneWidth(g) + g.Padding) * g.I;

    /// <summary>Adds the image whose rows are in place.</summary>
    public static void AddPlane(in ConvGeometry g, float* dy, float* partial, float* memory) =>
        AddPlanes(g, 1, memory, 0, dy, partial, memory, fresh: false);

    /// <summary>
    /// Adds padded images, a band of gradient rows after another, so that a panel of them stays in the first-level cache. A band's
    /// pixels are added in their order, then the bands'.
    /// </summary>
    private static void AddPlanes(in ConvGeometry g, int images, float* planes, nint planeStep, float* dy, float* partial, float* memory,
        bool fresh)
    {
        int padded = PaddedOutputs(g), row = g.K * g.I, rows = images > 1 ? g.OH : Math.Max(1, BandPixels / g.OW);
        dy = PadGradient(g, images, dy, memory + Together(g) * Floats.Align(PlaneFloats(g)));
        for (int top = 0; top < g.OH; top += rows, dy += (long)rows * g.OW * padded)
            for (int o = 0; o < padded; o += 2 * TSimd.Width)
            {
                var tile = new RealGradTile<TSimd>
                {
                    Images = images,
                    ImageStep = planeStep,
                    Rows = Math.Min(rows, g.OH - top),
                    Columns = g.OW,
                    Step = g.Stride * g.I,
                    Line = (nint)g.Stride * PlaneWidth(g) * g.I,
                    Outputs = padded,
                    Dy = dy + o,
                    IsFresh = fresh && top == 0,
                };
                for (int a = 0; a < g.K; a++)
                {
                    float* x = planes + ((long)top * g.Stride + a) * PlaneWidth(g) * g.I, sums = partial + (long)a * row * padded + o;
                    for (int m = 0; m < row; m += RealGradTile<TSimd>.Block)
                        tile.Add(x + m, Math.Min(RealGradTile<TSimd>.Block, row - m), padded - o, sums + (long)m * padded);
                }
            }
    }

    private static TSimd SumSlices(float* from, long size, int slices)
    {
        TSimd sum = TSimd.Zero;
        for (int s = 0; s < slices; s++, from += size)
            sum += TSimd.Load(from);
        return sum;
    }

    private static void Put(float* sums, int count, float* to, GradMode mode)
    {
        for (int i = 0; i < count; i++, sums += TSimd.Width)
            to[i] = mode == GradMode.Add ? to[i] + *sums : *sums;
    }

    private static int PaddedOutputs(in ConvGeometry g) => Floats.Pad(g.O, TSimd.Width);

    private static int PlaneWidth(in ConvGeometry g) => g.W + 2 * g.Padding;

    private static long PlaneFloats(in ConvGeometry g) => (long)(g.H + 2 * g.Padding) * PlaneWidth(g) * g.I;

    // It lies after the images: what a tile reads beyond the last of them is there.
    private static long GradientFloats(in ConvGeometry g) => Floats.Align((long)g.OH * g.OW * PaddedOutputs(g));

    /// <summary>The images' gradients with their channels padded to whole vectors; themselves where they are.</summary>
    private static float* PadGradient(in ConvGeometry g, int images, float* dy, float* gradient)
    {
        int padded = PaddedOutputs(g), pixels = images * g.OH * g.OW;
        if (padded == g.O)
            return dy;
        for (int p = 0; p < pixels; p++)
            for (int o = 0; o < padded; o++)
                gradient[(long)p * padded + o] = o < g.O ? dy[(long)p * g.O + o] : 0;
        return gradient;
    }
}

/// <summary>The same where the operand is packed signs: an image's are unpacked into the padded image.</summary>
internal readonly unsafe struct SignWeightGrad<TSimd> : IWeightGrad where TSimd : unmanaged, ISimd<TSimd>
{
    public static long PartialFloats(in ConvGeometry g) => RealWeightGrad<TSimd>.PartialFloats(g);

    public static long WorkerFloats(in ConvGeometry g) => RealWeightGrad<TSimd>.WorkerFloats(g);

    public static long ImageBytes(in ConvGeometry g) => (long)g.H * g.W * Bits.Words(g.I) * sizeof(uint);

    public static void Begin(in ConvGeometry g, float* partial, float* memory) => RealWeightGrad<TSimd>.Begin(g, partial, memory);

    public static void AddImages(in ConvGeometry g, in GradientImages images, int firstBlock, int endBlock, float* partial, float* memory)
    {
        uint* packed = (uint*)images.X;
        for (int n = 0; n < images.Count; n++)
        {
            for (int r = 0; r < g.H; r++)
            {
                float* row = RealWeightGrad<TSimd>.PlaneRow(g, memory, r);
                for (int q = 0; q < g.W; q++, packed += Bits.Words(g.I), row += g.I)
                    SignUnpackJob.Unpack(packed, g.I, row);
            }

            RealWeightGrad<TSimd>.AddPlane(g, images.Dy(n), partial, memory);
        }
    }

    public static void AddSlices(in ConvGeometry g, Range outputs, int tap, float* partials, int slices, float* dw, GradMode mode) =>
        RealWeightGrad<TSimd>.AddSlices(g, outputs, tap, partials, slices, dw, mode);
}
