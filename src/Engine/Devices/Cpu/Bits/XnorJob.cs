using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// One image of a binary convolution: y = factor * (K_valid - 2 popcount(x xor w)). Taps in the zero padding are left out, never packed as
/// a sign. A lane is an output channel; four pixels share each weight word.
/// </summary>
internal readonly unsafe struct XnorJob<TBits> : IParallelJob where TBits : unmanaged, IBitSimd<TBits>
{
    public required ConvGeometry Geometry { get; init; }

    /// <summary>[N,H,W,words].</summary>
    public required uint* X { get; init; }

    /// <summary>[K,K,words,padded O].</summary>
    public required uint* W { get; init; }

    public required float Factor { get; init; }

    /// <summary>[N,OH,OW,O].</summary>
    public required float* Y { get; init; }

    /// <summary>Words of the packed weights.</summary>
    public static long PackedWords(in ConvGeometry g) => (long)g.K * g.K * Bits.Words(g.I) * PaddedOutputs(g);

    /// <summary>wBits [O,K,K,words] to [K,K,words,padded O].</summary>
    public static void Pack(uint* wBits, in ConvGeometry g, uint* packed)
    {
        int padded = PaddedOutputs(g), filter = g.K * g.K * Bits.Words(g.I);
        for (int word = 0; word < filter; word++)
            for (int o = 0; o < padded; o++)
                packed[(long)word * padded + o] = o < g.O ? wBits[(long)o * filter + word] : 0;
    }

    public void Run(int part, int worker)
    {
        ConvGeometry g = Geometry;
        int words = Bits.Words(g.I), firstWhole = (g.Padding + g.Stride - 1) / g.Stride, lastWhole = (g.W - g.K + g.Padding) / g.Stride;
        for (int p = 0; p < g.OH; p++)
        {
            int top = p * g.Stride - g.Padding, firstTap = Math.Max(0, -top), endTap = Math.Min(g.K, g.H - top);
            uint* rows = X + ((long)part * g.H + top) * g.W * words;
            float* y = Y + ((long)part * g.OH + p) * g.OW * g.O;
            for (int q = 0; q < g.OW;)
            {
                // Four neighbours that see whole kernels; the last four step back over pixels already done rather than go one by one.
                int four = firstWhole <= q && q <= lastWhole && lastWhole - firstWhole >= 3 ? Math.Min(q, lastWhole - 3) : -1;
                Pixels(rows, firstTap, endTap, four >= 0 ? four : q, isFour: four >= 0, y);
                q = four >= 0 ? four + 4 : q + 1;
            }
        }
    }

    private static int PaddedOutputs(in ConvGeometry g) => Floats.Pad(g.O, TBits.Lanes);

    private void Pixels(uint* rows, int firstTap, int endTap, int q, bool isFour, float* y)
    {
        ConvGeometry g = Geometry;
        int words = Bits.Words(g.I), padded = PaddedOutputs(g);
        int left = q * g.Stride - g.Padding, first = Math.Max(0, -left), end = Math.Min(g.K, g.W - left);
        var stretch = new Stretch
        {
            X = rows + (long)(left + first) * words,
            W = W + (long)first * words * padded,
            FirstRow = firstTap,
            EndRow = endTap,
            Words = (end - first) * words,
            XRow = (long)g.W * words,
            WRow = (long)g.K * words * padded,
            XPixel = g.Stride * words,
            Padded = padded,
        };
        int valid = (endTap - firstTap) * (end - first) * g.I;
        if (isFour)
            Four(stretch, valid, y + (long)q * g.O, g.O);
        else
            One(stretch, valid, y + (long)q * g.O, g.O);
    }

    private void Four(in Stretch stretch, int valid, float* y, int outputs)
    {
        for (int o = 0; o < outputs; o += TBits.Lanes)
        {
            TBits t0 = default, t1 = default, t2 = default, t3 = default, p0 = default, p1 = default, p2 = default, p3 = default;
            int room = TBits.Capacity;
            for (int row = stretch.FirstRow; row < stretch.EndRow; row++)
            {
                uint* x = stretch.X + row * stretch.XRow, w = stretch.W + row * stretch.WRow + o;
                for (int i = 0; i < stretch.Words; i++, x++, w += stretch.Padded)
                {
                    if (room-- == 0)
                    {
                        (t0, t1, t2, t3) = (TBits.Flush(p0, t0), TBits.Flush(p1, t1), TBits.Flush(p2, t2), TBits.Flush(p3, t3));
                        p0 = p1 = p2 = p3 = default;
                        room = TBits.Capacity - 1;
                    }

                    TBits weights = TBits.Load(w);
                    p0 = TBits.Count(TBits.Broadcast(x[0]) ^ weights, p0);
                    p1 = TBits.Count(TBits.Broadcast(x[stretch.XPixel]) ^ weights, p1);
                    p2 = TBits.Count(TBits.Broadcast(x[2 * stretch.XPixel]) ^ weights, p2);
                    p3 = TBits.Count(TBits.Broadcast(x[3 * stretch.XPixel]) ^ weights, p3);
                }
            }

            TBits.Store(TBits.Flush(p0, t0), valid, Factor, y + o, outputs - o);
            TBits.Store(TBits.Flush(p1, t1), valid, Factor, y + outputs + o, outputs - o);
            TBits.Store(TBits.Flush(p2, t2), valid, Factor, y + 2 * outputs + o, outputs - o);
            TBits.Store(TBits.Flush(p3, t3), valid, Factor, y + 3 * outputs + o, outputs - o);
        }
    }

    private void One(in Stretch stretch, int valid, float* y, int outputs)
    {
        for (int o = 0; o < outputs; o += TBits.Lanes)
        {
            TBits total = default, partial = default;
            int room = TBits.Capacity;
            for (int row = stretch.FirstRow; row < stretch.EndRow; row++)
            {
                uint* x = stretch.X + row * stretch.XRow, w = stretch.W + row * stretch.WRow + o;
                for (int i = 0; i < stretch.Words; i++, x++, w += stretch.Padded)
                {
                    if (room-- == 0)
                    {
                        total = TBits.Flush(partial, total);
                        partial = default;
                        room = TBits.Capacity - 1;
                    }

                    partial = TBits.Count(TBits.Broadcast(*x) ^ TBits.Load(w), partial);
                }
            }

            TBits.Store(TBits.Flush(partial, total), valid, Factor, y + o, outputs - o);
        }
    }

    /// <summary>The words that one pixel, or four neighbours, multiply: kernel rows, and in each a stretch of words.</summary>
    private readonly struct Stretch
    {
        public required uint* X { get; init; }

        public required uint* W { get; init; }

        public required int FirstRow { get; init; }

        public required int EndRow { get; init; }

        public required int Words { get; init; }

        public required long XRow { get; init; }

        public required long WRow { get; init; }

        public required int XPixel { get; init; }

        public required int Padded { get; init; }
    }
}
