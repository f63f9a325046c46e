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
    private const int Block = 8;

    /// <summary>[K,K*I,padded O].</summary>
    public static long PartialFloats(in ConvGeometry g) => (long)g.K * g.K * g.I * PaddedOutputs(g);

    public static long WorkerFloats(in ConvGeometry g) => Floats.Align(PlaneFloats(g)) + Floats.Align((long)g.OH * g.OW * PaddedOutputs(g));

    public static long ImageBytes(in ConvGeometry g) => (long)g.H * g.W * g.I * sizeof(float);

    public static void Begin(in ConvGeometry g, float* partial, float* memory)
    {
        new Span<float>(memory, (int)PlaneFloats(g)).Clear();
        new Span<float>(partial, (int)PartialFloats(g)).Clear();
    }

    public static void AddImage(in ConvGeometry g, void* x, float* dy, int firstBlock, int endBlock, float* partial, float* memory)
    {
        int row = g.W * g.I;
        for (int r = 0; r < g.H; r++)
            new ReadOnlySpan<float>((float*)x + (long)r * row, row).CopyTo(new Span<float>(PlaneRow(g, memory, r), row));
        AddPlane(g, dy, partial, memory);
    }

    public static void AddSlices(in ConvGeometry g, int tap, float* partials, int slices, float* dw, GradMode mode)
    {
        int padded = PaddedOutputs(g);
        long size = PartialFloats(g), filter = (long)g.K * g.K * g.I;
        for (int i = 0; i < g.I; i++)
            for (int o = 0; o < g.O; o++)
            {
                float* from = partials + ((long)tap * g.I + i) * padded + o;
                float sum = 0;
                for (int s = 0; s < slices; s++, from += size)
                    sum += *from;
                float* to = dw + o * filter + (long)tap * g.I + i;
                *to = mode == GradMode.Add ? *to + sum : sum;
            }
    }

    /// <summary>Where a row of the image belongs in the padded one, which the worker's memory begins with.</summary>
    public static float* PlaneRow(in ConvGeometry g, float* memory, int row) =>
        memory + ((long)(row + g.Padding) * PlaneWidth(g) + g.Padding) * g.I;

    /// <summary>Adds the image whose rows are in place.</summary>
    public static void AddPlane(ConvGeometry g, float* dy, float* partial, float* memory)
    {
        int padded = PaddedOutputs(g), row = g.K * g.I;
        dy = PadGradient(g, dy, memory + Floats.Align(PlaneFloats(g)));
        for (int a = 0; a < g.K; a++)
            for (int m = 0; m < row; m += Block)
                for (int o = 0; o < padded; o += TSimd.Width)
                {
                    float* x = memory + (long)a * PlaneWidth(g) * g.I + m, sums = partial + ((long)a * row + m) * padded + o;
                    if (m + Block <= row)
                        Eight(g, x, dy + o, sums);
                    else
                        for (int k = 0; k < row - m; k++)
                            One(g, x + k, dy + o, sums + (long)k * padded);
                }
    }

    private static int PaddedOutputs(in ConvGeometry g) => Floats.Pad(g.O, TSimd.Width);

    private static int PlaneWidth(in ConvGeometry g) => g.W + 2 * g.Padding;

    private static long PlaneFloats(in ConvGeometry g) => (long)(g.H + 2 * g.Padding) * PlaneWidth(g) * g.I;

    /// <summary>The image's gradient with its channels padded to whole vectors; itself where they are.</summary>
    private static float* PadGradient(ConvGeometry g, float* dy, float* gradient)
    {
        int padded = PaddedOutputs(g), pixels = g.OH * g.OW;
        if (padded == g.O)
            return dy;
        for (int p = 0; p < pixels; p++)
            for (int o = 0; o < padded; o++)
                gradient[(long)p * padded + o] = o < g.O ? dy[(long)p * g.O + o] : 0;
        return gradient;
    }

    private static void Eight(ConvGeometry geometry, float* x, float* dy, float* sums)
    {
        int padded = PaddedOutputs(geometry), step = geometry.Stride * geometry.I, columns = geometry.OW;
        long line = (long)geometry.Stride * PlaneWidth(geometry) * geometry.I;
        TSimd a = TSimd.Load(sums), b = TSimd.Load(sums + padded), c = TSimd.Load(sums + 2 * padded), d = TSimd.Load(sums + 3 * padded);
        TSimd e = TSimd.Load(sums + 4 * padded), f = TSimd.Load(sums + 5 * padded);
        TSimd g = TSimd.Load(sums + 6 * padded), h = TSimd.Load(sums + 7 * padded);
        for (int p = 0; p < geometry.OH; p++, x += line)
        {
            float* at = x;
            for (int q = 0; q < columns; q++, at += step, dy += padded)
            {
                TSimd gradient = TSimd.Load(dy);
                a = TSimd.MultiplyAdd(TSimd.Broadcast(at[0]), gradient, a);
                b = TSimd.MultiplyAdd(TSimd.Broadcast(at[1]), gradient, b);
                c = TSimd.MultiplyAdd(TSimd.Broadcast(at[2]), gradient, c);
                d = TSimd.MultiplyAdd(TSimd.Broadcast(at[3]), gradient, d);
                e = TSimd.MultiplyAdd(TSimd.Broadcast(at[4]), gradient, e);
                f = TSimd.MultiplyAdd(TSimd.Broadcast(at[5]), gradient, f);
                g = TSimd.MultiplyAdd(TSimd.Broadcast(at[6]), gradient, g);
                h = TSimd.MultiplyAdd(TSimd.Broadcast(at[7]), gradient, h);
            }
        }

        a.Store(sums);
        b.Store(sums + padded);
        c.Store(sums + 2 * padded);
        d.Store(sums + 3 * padded);
        e.Store(sums + 4 * padded);
        f.Store(sums + 5 * padded);
        g.Store(sums + 6 * padded);
        h.Store(sums + 7 * padded);
    }

    private static void One(ConvGeometry g, float* x, float* dy, float* sums)
    {
        int padded = PaddedOutputs(g);
        TSimd sum = TSimd.Load(sums);
        for (int p = 0; p < g.OH; p++, x += (long)g.Stride * PlaneWidth(g) * g.I)
            for (int q = 0; q < g.OW; q++, dy += padded)
                sum = TSimd.MultiplyAdd(TSimd.Broadcast(x[(long)q * g.Stride * g.I]), TSimd.Load(dy), sum);
        sum.Store(sums);
    }
}

/// <summary>The same where the operand is packed signs: an image's are unpacked into the padded image.</summary>
internal readonly unsafe struct SignWeightGrad<TSimd> : IWeightGrad where TSimd : unmanaged, ISimd<TSimd>
{
    public static long PartialFloats(in ConvGeometry g) => RealWeightGrad<TSimd>.PartialFloats(g);

    public static long WorkerFloats(in ConvGeometry g) => RealWeightGrad<TSimd>.WorkerFloats(g);

    public static long ImageBytes(in ConvGeometry g) => (long)g.H * g.W * Bits.Words(g.I) * sizeof(uint);

    public static void Begin(in ConvGeometry g, float* partial, float* memory) => RealWeightGrad<TSimd>.Begin(g, partial, memory);

    public static void AddImage(in ConvGeometry g, void* x, float* dy, int firstBlock, int endBlock, float* partial, float* memory)
    {
        uint* packed = (uint*)x;
        for (int r = 0; r < g.H; r++)
        {
            float* row = RealWeightGrad<TSimd>.PlaneRow(g, memory, r);
            for (int q = 0; q < g.W; q++, packed += Bits.Words(g.I), row += g.I)
                SignUnpackJob.Unpack(packed, g.I, row);
        }

        RealWeightGrad<TSimd>.AddPlane(g, dy, partial, memory);
    }

    public static void AddSlices(in ConvGeometry g, int tap, float* partials, int slices, float* dw, GradMode mode) =>
        RealWeightGrad<TSimd>.AddSlices(g, tap, partials, slices, dw, mode);
}
