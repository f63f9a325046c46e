using System.Runtime.CompilerServices;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// The real convolution of one image with products and sums in double: taps in the order row, column, channel, one after the other from 0,
/// the sum rounded to single. The product of two singles is exact in double, so this order alone decides every bit, at any vector width:
/// what hangs on the sign of a result is the same everywhere.
/// </summary>
/// <param name="g">Its sizes; N does not count.</param>
/// <param name="weights">Of <see cref="WeightDoubles"/>: packed by <see cref="Pack"/>.</param>
/// <param name="image">Of <see cref="ImageDoubles"/>: working memory.</param>
internal readonly unsafe struct DoubleConv<T>(ConvGeometry g, double* weights, double* image) where T : unmanaged, IDoubles<T>
{
    // A tile's sums, two vectors of outputs of four pixels, stay in registers.
    private const int Pixels = 4, Vectors = 2;

    /// <summary>Doubles of packed weights: [taps, padded outputs].</summary>
    public static long WeightDoubles(in ConvGeometry g) => (long)g.K * g.K * g.I * Padded(g.O);

    /// <summary>Doubles of an image with its padding: [H + 2 padding, W + 2 padding, I].</summary>
    public static long ImageDoubles(in ConvGeometry g) => (long)(g.H + 2 * g.Padding) * (g.W + 2 * g.Padding) * g.I;

    private static int Padded(int outputs) => Floats.Pad(outputs, Vectors * T.Width);

    /// <summary>Packs weights [O,K,K,I].</summary>
    public void Pack(float* w)
    {
        int taps = g.K * g.K * g.I, padded = Padded(g.O);
        for (int tap = 0; tap < taps; tap++)
            for (int o = 0; o < padded; o++)
                weights[(long)tap * padded + o] = o < g.O ? w[(long)o * taps + tap] : 0;
    }

    /// <summary>y [OH,OW,O] = x [H,W,I] convolved.</summary>
    public void Run(float* x, float* y)
    {
        Fill(x);
        int row = (g.W + 2 * g.Padding) * g.I, step = g.Stride * g.I, padded = Padded(g.O);
        for (int o = 0; o < padded; o += Vectors * T.Width)
            for (int p = 0; p < g.OH; p++)
            {
                double* from = image + (long)p * g.Stride * row;
                float* to = y + (long)p * g.OW * g.O + o;
                int q = 0;
                for (; q + Pixels <= g.OW; q += Pixels)
                    Four(from + (long)q * step, row, step, weights + o, to + (long)q * g.O, o);
                for (; q < g.OW; q++)
                    One(from + (long)q * step, row, weights + o, to + (long)q * g.O, o);
            }
    }

    private void Fill(float* x)
    {
        int inner = g.W * g.I, border = g.Padding * g.I, width = inner + 2 * border;
        for (int row = 0; row < g.H + 2 * g.Padding; row++)
        {
            double* to = image + (long)row * width;
            int source = row - g.Padding;
            if (source < 0 || source >= g.H)
            {
                new Span<double>(to, width).Clear();
                continue;
            }

            new Span<double>(to, border).Clear();
            for (int i = 0; i < inner; i++)
                to[border + i] = x[(long)source * inner + i];
            new Span<double>(to + border + inner, border).Clear();
        }
    }

    private void Four(double* x, int row, int step, double* w, float* y, int o)
    {
        int length = g.K * g.I, padded = Padded(g.O), rows = g.K, outputs = g.O;
        T a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        for (int a = 0; a < rows; a++, x += row)
        {
            double* second = x + step, third = second + step, fourth = third + step;
            for (int i = 0; i < length; i++, w += padded)
            {
                T w0 = T.Load(w), w1 = T.Load(w + T.Width), value = T.Broadcast(x[i]);
                a0 = T.AddExact(value, w0, a0);
                a1 = T.AddExact(value, w1, a1);
                value = T.Broadcast(second[i]);
                b0 = T.AddExact(value, w0, b0);
                b1 = T.AddExact(value, w1, b1);
                value = T.Broadcast(third[i]);
                c0 = T.AddExact(value, w0, c0);
                c1 = T.AddExact(value, w1, c1);
                value = T.Broadcast(fourth[i]);
                d0 = T.AddExact(value, w0, d0);
                d1 = T.AddExact(value, w1, d1);
            }
        }

        if (o + Vectors * T.Width > outputs)
        {
            StorePart(a0, a1, y, o);
            StorePart(b0, b1, y + outputs, o);
            StorePart(c0, c1, y + 2 * outputs, o);
            StorePart(d0, d1, y + 3 * outputs, o);
            return;
        }

        Store(a0, a1, y);
        Store(b0, b1, y + outputs);
        Store(c0, c1, y + 2 * outputs);
        Store(d0, d1, y + 3 * outputs);
    }

    private void One(double* x, int row, double* w, float* y, int o)
    {
        int length = g.K * g.I, padded = Padded(g.O);
        T a0 = default, a1 = default;
        for (int a = 0; a < g.K; a++, x += row)
            for (int i = 0; i < length; i++, w += padded)
            {
                T value = T.Broadcast(x[i]);
                a0 = T.AddExact(value, T.Load(w), a0);
                a1 = T.AddExact(value, T.Load(w + T.Width), a1);
            }

        if (o + Vectors * T.Width > g.O)
            StorePart(a0, a1, y, o);
        else
            Store(a0, a1, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T first, T second, float* y)
    {
        first.Store(y);
        second.Store(y + T.Width);
    }

    private void StorePart(T first, T second, float* y, int o)
    {
        float* all = stackalloc float[Vectors * T.Width];
        first.Store(all);
        second.Store(all + T.Width);
        for (int i = 0; o + i < g.O; i++)
            y[i] = all[i];
    }
}
