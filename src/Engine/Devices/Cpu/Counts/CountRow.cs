using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>One row of an XNOR convolution for as many output channels as there are lanes.</summary>
internal readonly unsafe struct CountRow<TBits, TSink>
    where TBits : unmanaged, IBitSimd<TBits>
    where TSink : unmanaged, ICountSink<TSink, TBits>
{
    /// <summary>[patch words, lanes].</summary>
    public required uint* Weights { get; init; }

    /// <summary>[column classes, padded outputs]: where counts start.</summary>
    public required int* Starts { get; init; }

    /// <summary>[columns]: where in the starts those of a pixel are.</summary>
    public required int* Classes { get; init; }

    public required TSink Sink { get; init; }

    /// <summary>The taps of a pixel in five words, [5, each].</summary>
    public void Compact(uint* x, int each, int columns)
    {
        TSink sink = Sink;
        TBits w0 = Weight(0), w1 = Weight(1), w2 = Weight(2), w3 = Weight(3), w4 = Weight(4);
        uint* x1 = x + each, x2 = x1 + each, x3 = x2 + each, x4 = x3 + each;
        for (int q = 0; q < columns;)
        {
            TBits first = default, second = default;
            for (int stop = Math.Min(columns, q + sink.Pixels); q < stop; q++)
            {
                TBits a = TBits.Broadcast(x[q]) ^ w0, b = TBits.Broadcast(x1[q]) ^ w1, c = TBits.Broadcast(x2[q]) ^ w2;
                TBits s = TBits.SumOf(a, b, c), t = TBits.CarryOf(a, b, c);
                TBits d = TBits.Broadcast(x3[q]) ^ w3, e = TBits.Broadcast(x4[q]) ^ w4;
                TBits partial = TBits.Count(TBits.SumOf(s, d, e), default);
                partial = TBits.CountTwofold(t, partial);
                partial = TBits.CountTwofold(TBits.CarryOf(s, d, e), partial);
                sink.Put(q, Dots(q, TBits.Flush(partial, default)), ref first, ref second);
            }

            sink.End(first, second);
        }
    }

    /// <summary>Rows of 3x3 kernels, three words of each at a time.</summary>
    /// <param name="x">The upper row.</param>
    /// <param name="row">Words from a row to the next.</param>
    /// <param name="step">Words from a pixel to the next.</param>
    /// <param name="nines">Of a pixel.</param>
    /// <param name="columns">Pixels.</param>
    public void Nines(uint* x, int row, int step, int nines, int columns)
    {
        TSink sink = Sink;
        for (int q = 0; q < columns;)
        {
            TBits first = default, second = default;
            for (int stop = Math.Min(columns, q + sink.Pixels); q < stop; q++)
            {
                uint* upper = x + (nint)q * step, middle = upper + row, lower = middle + row, w = Weights;
                TBits total = default, partial = default;
                int room = TBits.Capacity;
                for (int i = 0; i < nines; i++, upper += 3, middle += 3, lower += 3, w += NineWords<TBits>.Words * TBits.Lanes)
                {
                    if ((room -= NineWords<TBits>.Words) < 0)
                    {
                        total = TBits.Flush(partial, total);
                        partial = default;
                        room = TBits.Capacity - NineWords<TBits>.Words;
                    }

                    partial = NineWords<TBits>.Count(upper, middle, lower, w, partial);
                }

                sink.Put(q, Dots(q, TBits.Flush(partial, total)), ref first, ref second);
            }

            sink.End(first, second);
        }
    }

    /// <summary>Kernels of any size, a word at a time.</summary>
    public void Any(uint* x, int row, int step, int rows, int words, int columns)
    {
        TSink sink = Sink;
        for (int q = 0; q < columns;)
        {
            TBits first = default, second = default;
            for (int stop = Math.Min(columns, q + sink.Pixels); q < stop; q++)
                sink.Put(q, Dots(q, CountAny(x + (nint)q * step, row, rows, words)), ref first, ref second);
            sink.End(first, second);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TBits Weight(int word) => TBits.Load(Weights + word * TBits.Lanes);

    private TBits CountAny(uint* x, int row, int rows, int words)
    {
        TBits total = default, partial = default;
        uint* w = Weights;
        int room = TBits.Capacity;
        for (int a = 0; a < rows; a++, x += row)
            for (int i = 0; i < words; i++, w += TBits.Lanes)
            {
                if (room-- == 0)
                {
                    total = TBits.Flush(partial, total);
                    partial = default;
                    room = TBits.Capacity - 1;
                }

                partial = TBits.Count(TBits.Broadcast(x[i]) ^ TBits.Load(w), partial);
            }

        return TBits.Flush(partial, total);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TBits Dots(int q, TBits differing) => TBits.Dots(differing, Starts + Classes[q]);
}
