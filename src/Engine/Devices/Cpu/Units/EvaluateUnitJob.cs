using System.Runtime.CompilerServices;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// Some rows of an image of a unit: four pixels' sums of products, a word of output channels at a time, which go straight into the signs
/// where those are all that is wanted, else through the float expression, the shortcut and the packing of signs.
/// </summary>
internal readonly unsafe struct EvaluateUnitJob<TSimd, TBits> : IParallelJob
    where TSimd : unmanaged, ISimd<TSimd>
    where TBits : unmanaged, IBitSimd<TBits>
{
    private const int Pixels = 4;

    public required ConvGeometry Geometry { get; init; }

    public required FoldedUnit Unit { get; init; }

    public required UnitExpression Expression { get; init; }

    /// <summary>Parts of an image.</summary>
    public required int Splits { get; init; }

    /// <summary>[N,H,W,words].</summary>
    public required uint* X { get; init; }

    /// <summary>[N,OH,OW,O] or null.</summary>
    public required float* Shortcut { get; init; }

    /// <summary>[N,OH,OW,O]; null where nobody reads it.</summary>
    public required float* Y { get; init; }

    /// <summary>[N,OH,OW,words]; null where nobody reads them.</summary>
    public required uint* Signs { get; init; }

    /// <summary>A laid out image a worker.</summary>
    public required uint* Memory { get; init; }

    public void Run(int part, int worker)
    {
        ConvGeometry g = Geometry;
        XnorWindow window = Unit.Window;
        int image = part / Splits, split = part % Splits, first = g.OH * split / Splits, end = g.OH * (split + 1) / Splits;
        uint* memory = Memory + worker * window.MemoryWords;
        window.Fill(X + (long)image * g.H * g.W * window.PixelWords, first * g.Stride, (end - 1) * g.Stride + g.K, memory);
        float* sums = stackalloc float[Pixels * Bits.PerWord];
        int step = g.OW < Pixels ? 0 : 1, ofPixel = g.Stride * window.PixelWords;
        for (int p = first; p < end; p++)
        {
            uint* row = memory + (long)p * g.Stride * window.RowWords;
            long pixels = ((long)image * g.OH + p) * g.OW;
            // Four neighbours; the last four step back over pixels already done, and fewer than four are done four times, one by one.
            for (int q = 0; q < g.OW; q += step == 0 ? 1 : Pixels)
            {
                int from = step == 0 ? q : Math.Min(q, g.OW - Pixels);
                Group(row + from * ofPixel, step * ofPixel, Unit.Bases + Unit.Rows[p], Unit.Columns + from, step, pixels + from, sums);
            }
        }
    }

    private void Group(uint* x, int xStep, int* bases, int* columns, int step, long pixel, float* sums)
    {
        var counts = new XnorCounts<TBits> { Offsets = Unit.Offsets, Words = Unit.Window.Count, Padded = Unit.Padded };
        int* b0 = bases + columns[0], b1 = bases + columns[step], b2 = bases + columns[2 * step], b3 = bases + columns[3 * step];
        int outputs = Geometry.O, whole = sizeof(TSimd) == sizeof(TBits) ? outputs / TSimd.Width * TSimd.Width : 0;
        long y0 = pixel * outputs, y1 = y0 + step * outputs, y2 = y1 + step * outputs, y3 = y2 + step * outputs;
        uint* signs = Signs + pixel * Unit.Words;
        for (int word = 0, o = 0; word < Unit.Words; word++, o = word * Bits.PerWord)
        {
            int start = o, done = o, end = Math.Min(outputs, o + Bits.PerWord);
            bool isBounded = Unit.Hold[word] != 0;
            uint s0 = 0, s1 = 0, s2 = 0, s3 = 0;
            for (; o < end; o += TBits.Lanes)
            {
                counts.Four(x, xStep, Unit.Weights + o, out TBits t0, out TBits t1, out TBits t2, out TBits t3);
                if (isBounded)
                {
                    int* bounds = Unit.Bounds + o;
                    s0 |= TBits.AtMost(t0, b0 + o, bounds) << (o - start);
                    s1 |= TBits.AtMost(t1, b1 + o, bounds) << (o - start);
                    s2 |= TBits.AtMost(t2, b2 + o, bounds) << (o - start);
                    s3 |= TBits.AtMost(t3, b3 + o, bounds) << (o - start);
                    continue;
                }

                (t0, t1, t2, t3) = (TBits.Dots(t0, b0 + o), TBits.Dots(t1, b1 + o), TBits.Dots(t2, b2 + o), TBits.Dots(t3, b3 + o));
                if (o + TBits.Lanes <= whole)
                {
                    s0 |= Put(Unsafe.BitCast<TBits, TSimd>(t0), y0, o) << (o - start);
                    s1 |= Put(Unsafe.BitCast<TBits, TSimd>(t1), y1, o) << (o - start);
                    s2 |= Put(Unsafe.BitCast<TBits, TSimd>(t2), y2, o) << (o - start);
                    s3 |= Put(Unsafe.BitCast<TBits, TSimd>(t3), y3, o) << (o - start);
                    done = o + TBits.Lanes;
                    continue;
                }

                TBits.Store(t0, sums + o - start);
                TBits.Store(t1, sums + Bits.PerWord + o - start);
                TBits.Store(t2, sums + 2 * Bits.PerWord + o - start);
                TBits.Store(t3, sums + 3 * Bits.PerWord + o - start);
            }

            uint flips = isBounded ? Unit.Flips[word] : 0;
            if (!isBounded && done < end)
            {
                s0 |= Finish(sums, start, y0, done, end);
                s1 |= Finish(sums + Bits.PerWord, start, y1, done, end);
                s2 |= Finish(sums + 2 * Bits.PerWord, start, y2, done, end);
                s3 |= Finish(sums + 3 * Bits.PerWord, start, y3, done, end);
            }

            if (Signs == null)
                continue;
            (signs[word], signs[word + step * Unit.Words]) = (s0 ^ flips, s1 ^ flips);
            (signs[word + 2 * step * Unit.Words], signs[word + 3 * step * Unit.Words]) = (s2 ^ flips, s3 ^ flips);
        }
    }

    // The channels of a word that do not fill a vector, or all of them where the two kinds of vectors are of different lengths.
    private uint Finish(float* sums, int start, long y, int o, int end)
    {
        uint signs = 0;
        int whole = Math.Min(end, Geometry.O / TSimd.Width * TSimd.Width);
        for (; o < whole; o += TSimd.Width)
            signs |= Put(TSimd.Load(sums + o - start), y, o) << (o - start);
        for (; o < end; o++)
            signs |= Put(SimdScalar.Load(sums + o - start), y, o) << (o - start);
        return signs;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Put<T>(T sum, long row, int o) where T : unmanaged, ISimd<T>
    {
        T y = Expression.Of(sum, o);
        if (Shortcut != null)
            y += T.Load(Shortcut + row + o);
        if (Y != null)
            y.Store(Y + row + o);
        return y.NegativeMask();
    }
}
