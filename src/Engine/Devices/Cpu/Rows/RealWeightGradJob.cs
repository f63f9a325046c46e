using ReSTE.Native.Operations;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// Weight gradient of a convolution with a real operand, over one slice of the images: partial[a, m, o] = sum of x[.., m] * dy[.., o], where m
/// runs over the columns and channels of kernel row a, which lie one after another in a padded image. A lane is an output channel.
/// </summary>
internal readonly unsafe struct RealWeightGradJob<TSimd> : IParallelJob where TSimd : unmanaged, ISimd<TSimd>
{
    private const int Block = 8;

    public required ConvGeometry Geometry { get; init; }

    public required Slices Slices { get; init; }

    /// <summary>[N,H,W,I].</summary>
    public required float* X { get; init; }

    /// <summary>[N,OH,OW,O].</summary>
    public required float* Dy { get; init; }

    /// <summary>[slices,K,K*I,padded O].</summary>
    public required float* Partials { get; init; }

    /// <summary>Working memory, <see cref="WorkerFloats"/> singles a worker.</summary>
    public required float* Scratch { get; init; }

    public static int PaddedOutputs(in ConvGeometry g) => Floats.Pad(g.O, TSimd.Width);

    public static long PartialFloats(in ConvGeometry g) => (long)g.K * g.K * g.I * PaddedOutputs(g);

    public static long WorkerFloats(in ConvGeometry g) => Floats.Align(PlaneFloats(g)) + Floats.Align((long)g.OH * g.OW * PaddedOutputs(g));

    public void Run(int part, int worker)
    {
        ConvGeometry g = Geometry;
        float* plane = Scratch + worker * WorkerFloats(g), gradient = plane + Floats.Align(PlaneFloats(g));
        float* partial = Partials + part * PartialFloats(g);
        new Span<float>(plane, (int)PlaneFloats(g)).Clear();
        new Span<float>(partial, (int)PartialFloats(g)).Clear();
        int padded = PaddedOutputs(g), row = g.K * g.I;
        for (long n = Slices.Start(part); n < Slices.Start(part + 1); n++)
        {
            CopyImage(n, plane);
            float* dy = PadGradient(n, gradient);
            for (int a = 0; a < g.K; a++)
                for (int m = 0; m < row; m += Block)
                    for (int o = 0; o < padded; o += TSimd.Width)
                    {
                        float* x = plane + (long)a * PlaneWidth(g) * g.I + m, sums = partial + ((long)a * row + m) * padded + o;
                        if (m + Block <= row)
                            Eight(x, dy + o, sums);
                        else
                            for (int k = 0; k < row - m; k++)
                                One(x + k, dy + o, sums + (long)k * padded);
                    }
        }
    }

    private static int PlaneWidth(in ConvGeometry g) => g.W + 2 * g.Padding;

    private static long PlaneFloats(in ConvGeometry g) => (long)(g.H + 2 * g.Padding) * PlaneWidth(g) * g.I;

    private void CopyImage(long n, float* plane)
    {
        ConvGeometry g = Geometry;
        int row = g.W * g.I;
        for (int r = 0; r < g.H; r++)
        {
            new ReadOnlySpan<float>(X + (n * g.H + r) * row, row)
                .CopyTo(new Span<float>(plane + ((long)(r + g.Padding) * PlaneWidth(g) + g.Padding) * g.I, row));
        }
    }

    /// <summary>The image's gradient with its channels padded to whole vectors; itself where they are.</summary>
    private float* PadGradient(long n, float* gradient)
    {
        ConvGeometry g = Geometry;
        int padded = PaddedOutputs(g), pixels = g.OH * g.OW;
        float* dy = Dy + n * pixels * g.O;
        if (padded == g.O)
            return dy;
        for (int p = 0; p < pixels; p++)
            for (int o = 0; o < padded; o++)
                gradient[(long)p * padded + o] = o < g.O ? dy[(long)p * g.O + o] : 0;
        return gradient;
    }

    private void Eight(float* x, float* dy, float* sums)
    {
        ConvGeometry geometry = Geometry;
        int padded = PaddedOutputs(geometry), step = geometry.Stride * geometry.I, columns = geometry.OW;
        long line = (long)geometry.Stride * PlaneWidth(geometry) * geometry.I;
        TSimd a = TSimd.Load(sums), b = TSimd.Load(sums + padded), c = TSimd.Load(sums + 2 * padded), d = TSimd.Load(sums + 3 * padded);
        TSimd e = TSimd.Load(sums + 4 * padded), f = TSimd.Load(sums + 5 * padded), g = TSimd.Load(sums + 6 * padded), h = TSimd.Load(sums + 7 * padded);
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

    private void One(float* x, float* dy, float* sums)
    {
        ConvGeometry g = Geometry;
        int padded = PaddedOutputs(g);
        TSimd sum = TSimd.Load(sums);
        for (int p = 0; p < g.OH; p++, x += (long)g.Stride * PlaneWidth(g) * g.I)
            for (int q = 0; q < g.OW; q++, dy += padded)
                sum = TSimd.MultiplyAdd(TSimd.Broadcast(x[(long)q * g.Stride * g.I]), TSimd.Load(dy), sum);
        sum.Store(sums);
    }
}
