using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// The differing bits of nine words, three of each of three rows. Three bits are added to two, a sum and a carry that counts two (a
/// carry-save adder), so that of nine words four have their bits counted.
/// </summary>
internal static unsafe class NineWords<TBits> where TBits : unmanaged, IBitSimd<TBits>
{
    /// <summary>What they take of <see cref="IBitSimd{TSelf}.Capacity"/>.</summary>
    public const int Words = 9;

    /// <summary>partial + the bits in which x and w differ.</summary>
    /// <param name="upper">Three words of the first row, each for all lanes.</param>
    /// <param name="middle">Of the second.</param>
    /// <param name="lower">Of the third.</param>
    /// <param name="w">[9, lanes].</param>
    /// <param name="partial">The bits so far.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TBits Count(uint* upper, uint* middle, uint* lower, uint* w, TBits partial)
    {
        TBits s0 = Add(upper, w, out TBits c0), s1 = Add(middle, w + 3 * TBits.Lanes, out TBits c1);
        TBits s2 = Add(lower, w + 6 * TBits.Lanes, out TBits c2);
        partial = TBits.Count(TBits.SumOf(s0, s1, s2), partial);
        partial = TBits.CountTwofold(TBits.CarryOf(s0, s1, s2), partial);
        partial = TBits.CountTwofold(TBits.SumOf(c0, c1, c2), partial);
        return TBits.CountFourfold(TBits.CarryOf(c0, c1, c2), partial);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TBits Add(uint* x, uint* w, out TBits carry)
    {
        TBits a = TBits.Broadcast(x[0]) ^ TBits.Load(w), b = TBits.Broadcast(x[1]) ^ TBits.Load(w + TBits.Lanes);
        TBits c = TBits.Broadcast(x[2]) ^ TBits.Load(w + 2 * TBits.Lanes);
        carry = TBits.CarryOf(a, b, c);
        return TBits.SumOf(a, b, c);
    }
}
