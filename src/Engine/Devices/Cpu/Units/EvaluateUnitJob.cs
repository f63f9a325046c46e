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
            int* bases = Unit.Bases + Unit.Rows[p];
            long pixels = ((long)image * g.OH + p) * g.OW;
            // Four neighbours; the last four step back over pixels already done, and fewer than four are done four times, one by one.
            for (int q = 0; q < g.OW; q += step == 0 ? 1 : Pixels)
            {
                int from = step == 0 ? q : Math.Min(q, g.OW - Pixels);
                int* columns = Unit.Columns + from;
                var four = new FourPixels
                {
                    X = row + from * ofPixel,
                    Step = step * ofPixel,
                    Bases0 = bases + columns[0],
                    Bases1 = bases + columns[step],
                    Bases2 = bases + columns[2 * step],
                    Bases3 = bases + columns[3 * step],
                    Y = (pixels + from) * g.O,
                    YStep = step * g.O,
                };
                Compute(four, Signs + (pixels + from) * Unit.Words, step * Unit.Words, sums);
            }
        }
    }

    private void Compute(in FourPixels four, uint* signs, int step, float* sums)
    {
        for (int word = 0; word < Unit.Words; word++)
        {
            int first = word * Bits.PerWord, end = Math.Min(Geometry.O, first + Bits.PerWord);
            var (s0, s1, s2, s3) = Unit.Hold[word] != 0 ? Compare(four, first, end, Unit.Flips[word]) : Finish(four, first, end, sums);
            if (Signs == null)
                continue;
            (signs[word], signs[word + step], signs[word + 2 * step], signs[word + 3 * step]) = (s0, s1, s2, s3);
        }
    }

    // The signs of a word of channels from their bounds.
    private (uint, uint, uint, uint) Compare(in FourPixels four, int first, int end, uint flips)
    {
        uint s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        for (int o = first; o < end; o += TBits.Lanes)
        {
            Counts.Four(four.X, four.Step, Unit.Weights + o, out TBits t0, out TBits t1, out TBits t2, out TBits t3);
            int* bounds = Unit.Bounds + o;
            s0 |= TBits.AtMost(t0, four.Bases0 + o, bounds) << (o - first);
            s1 |= TBits.AtMost(t1, four.Bases1 + o, bounds) << (o - first);
            s2 |= TBits.AtMost(t2, four.Bases2 + o, bounds) << (o - first);
            s3 |= TBits.AtMost(t3, four.Bases3 + o, bounds) << (o - first);
        }

        return (s0 ^ flips, s1 ^ flips, s2 ^ flips, s3 ^ flips);
    }

    // The numbers of a word of channels, and their signs.
    private (uint, uint, uint, uint) Finish(in FourPixels four, int first, int end, float* sums)
    {
        uint s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        int done = first, whole = sizeof(TSimd) == sizeof(TBits) ? Geometry.O / TSimd.Width * TSimd.Width : 0;
        for (int o = first; o < end; o += TBits.Lanes)
        {
            Counts.Four(four.X, four.Step, Unit.Weights + o, out TBits t0, out TBits t1, out TBits t2, out TBits t3);
            (t0, t1) = (TBits.Singles(t0, four.Bases0 + o), TBits.Singles(t1, four.Bases1 + o));
            (t2, t3) = (TBits.Singles(t2, four.Bases2 + o), TBits.Singles(t3, four.Bases3 + o));
            if (o + TBits.Lanes <= whole)
            {
                s0 |= Put(Unsafe.BitCast<TBits, TSimd>(t0), four.Y, o) << (o - first);
                s1 |= Put(Unsafe.BitCast<TBits, TSimd>(t1), four.Y + four.YStep, o) << (o - first);
                s2 |= Put(Unsafe.BitCast<TBits, TSimd>(t2), four.Y + 2 * four.YStep, o) << (o - first);
                s3 |= Put(Unsafe.BitCast<TBits, TSimd>(t3), four.Y + 3 * four.YStep, o) << (o - first);
                done = o + TBits.Lanes;
                continue;
            }

            float* sum = sums + o - first;
            TBits.Store(t0, sum);
            TBits.Store(t1, sum + Bits.PerWord);
            TBits.Store(t2, sum + 2 * Bits.PerWord);
            TBits.Store(t3, sum + 3 * Bits.PerWord);
        }

        s0 |= FinishRest(sums, first, four.Y, done, end);
        s1 |= FinishRest(sums + Bits.PerWord, first, four.Y + four.YStep, done, end);
        s2 |= FinishRest(sums + 2 * Bits.PerWord, first, four.Y + 2 * four.YStep, done, end);
        s3 |= FinishRest(sums + 3 * Bits.PerWord, first, four.Y + 3 * four.YStep, done, end);
        return (s0, s1, s2, s3);
    }

    private XnorCounts<TBits> Counts => new() { Offsets = Unit.Offsets, Words = Unit.Window.Count, Padded = Unit.Padded };

    // The channels of a word that do not fill a vector, or all of them where the two kinds of vectors are of different lengths.
    private uint FinishRest(float* sums, int first, long y, int o, int end)
    {
        if (o == end)
            return 0;
        uint signs = 0;
        int whole = Math.Min(end, Geometry.O / TSimd.Width * TSimd.Width);
        for (; o < whole; o += TSimd.Width)
            signs |= Put(TSimd.Load(sums + o - first), y, o) << (o - first);
        for (; o < end; o++)
            signs |= Put(SimdScalar.Load(sums + o - first), y, o) << (o - first);
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

    /// <summary>Where four neighbours lie.</summary>
    private readonly struct FourPixels
    {
        /// <summary>The window of the first, and words to the next one's.</summary>
        public required uint* X { get; init; }

        public required int Step { get; init; }

        /// <summary>The bases of each.</summary>
        public required int* Bases0 { get; init; }

        public required int* Bases1 { get; init; }

        public required int* Bases2 { get; init; }

        public required int* Bases3 { get; init; }

        /// <summary>The place of the first in Y and in the shortcut, and singles to the next one's.</summary>
        public required long Y { get; init; }

        public required int YStep { get; init; }
    }
}
