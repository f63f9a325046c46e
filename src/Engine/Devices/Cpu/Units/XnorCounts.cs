using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// popcount(x xor w) of four pixels and a vector of output channels. Where it pays, words are added up bit by bit first (Harley and Seal:
/// a full adder in each bit), so that one in four has its bits counted.
/// </summary>
internal readonly unsafe struct XnorCounts<TBits> where TBits : unmanaged, IBitSimd<TBits>
{
    // A byte of the partial count gains at most 32 from four words, and 48 at the end.
    private const int Quads = 6;

    /// <summary>[words]: where each lies, from the first of a pixel.</summary>
    public required int* Offsets { get; init; }

    /// <summary>Words that a pixel multiplies.</summary>
    public required int Words { get; init; }

    /// <summary>Words from a weight to the next one of its filter.</summary>
    public required int Padded { get; init; }

    /// <summary>Counts.</summary>
    /// <param name="x">The first pixel.</param>
    /// <param name="step">Words to the next pixel.</param>
    /// <param name="w">The first weights of the output channels.</param>
    /// <param name="t0">Of the first pixel; the others as they follow.</param>
    /// <param name="t1">Of the second.</param>
    /// <param name="t2">Of the third.</param>
    /// <param name="t3">Of the fourth.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Four(uint* x, int step, uint* w, out TBits t0, out TBits t1, out TBits t2, out TBits t3)
    {
        TBits p0 = default, p1 = default, p2 = default, p3 = default;
        (t0, t1, t2, t3) = (default, default, default, default);
        int s1 = step, s2 = 2 * step, s3 = 3 * step, j = 0;
        if (TBits.SavesCarries)
        {
            TBits weights = TBits.Load(w);
            uint* first = x + *Offsets;
            TBits o0 = Xor(first, weights), o1 = Xor(first + s1, weights);
            TBits o2 = Xor(first + s2, weights), o3 = Xor(first + s3, weights);
            TBits d0 = default, d1 = default, d2 = default, d3 = default;
            int room = Quads;
            for (j = 1; j + 4 <= Words; j += 4)
            {
                if (room-- == 0)
                {
                    Flush(ref p0, ref p1, ref p2, ref p3, ref t0, ref t1, ref t2, ref t3);
                    room = Quads - 1;
                }

                uint* ws = w + j * Padded;
                var four = (TBits.Load(ws), TBits.Load(ws + Padded), TBits.Load(ws + 2 * Padded), TBits.Load(ws + 3 * Padded));
                uint* a = x + Offsets[j], b = x + Offsets[j + 1], c = x + Offsets[j + 2], d = x + Offsets[j + 3];
                p0 = TBits.CountFour(a, b, c, d, four, ref o0, ref d0, p0);
                p1 = TBits.CountFour(a + s1, b + s1, c + s1, d + s1, four, ref o1, ref d1, p1);
                p2 = TBits.CountFour(a + s2, b + s2, c + s2, d + s2, four, ref o2, ref d2, p2);
                p3 = TBits.CountFour(a + s3, b + s3, c + s3, d + s3, four, ref o3, ref d3, p3);
            }

            (p0, p1) = (TBits.CountTwofold(d0, TBits.Count(o0, p0)), TBits.CountTwofold(d1, TBits.Count(o1, p1)));
            (p2, p3) = (TBits.CountTwofold(d2, TBits.Count(o2, p2)), TBits.CountTwofold(d3, TBits.Count(o3, p3)));
        }

        // The rest, fewer than four, or all of them where a count takes any number of words.
        for (; j < Words; j++)
        {
            TBits weights = TBits.Load(w + j * Padded);
            uint* first = x + Offsets[j];
            p0 = TBits.Count(Xor(first, weights), p0);
            p1 = TBits.Count(Xor(first + s1, weights), p1);
            p2 = TBits.Count(Xor(first + s2, weights), p2);
            p3 = TBits.Count(Xor(first + s3, weights), p3);
        }

        Flush(ref p0, ref p1, ref p2, ref p3, ref t0, ref t1, ref t2, ref t3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TBits Xor(uint* x, TBits weights) => TBits.Broadcast(*x) ^ weights;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Flush(ref TBits p0, ref TBits p1, ref TBits p2, ref TBits p3, ref TBits t0, ref TBits t1, ref TBits t2,
        ref TBits t3)
    {
        (t0, t1, t2, t3) = (TBits.Flush(p0, t0), TBits.Flush(p1, t1), TBits.Flush(p2, t2), TBits.Flush(p3, t3));
        p0 = p1 = p2 = p3 = default;
    }
}
