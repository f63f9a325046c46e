using System.Runtime.CompilerServices;
using ReSTE.Native.Randomness;

namespace ReSTE.Native.Simd;

/// <summary>Philox blocks whose indices follow one another, one a lane: the words that <see cref="Philox"/> gives for each.</summary>
internal static unsafe class PhiloxBlocks
{
    /// <summary>The words of the blocks from (first, high) on, as many as there are lanes.</summary>
    /// <param name="seed">The key.</param>
    /// <param name="stream">The last word of the counter.</param>
    /// <param name="epoch">The third.</param>
    /// <param name="high">The second: the upper half of the index.</param>
    /// <param name="first">The lower half of the first lane's index; that of the last does not overflow.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TBits X, TBits Y, TBits Z, TBits W) Of<TBits>(ulong seed, uint stream, uint epoch, uint high, uint first)
        where TBits : unmanaged, IBitSimd<TBits>
    {
        uint* indices = stackalloc uint[TBits.Lanes];
        for (int i = 0; i < TBits.Lanes; i++)
            indices[i] = first + (uint)i;
        TBits x = TBits.Load(indices), y = TBits.Broadcast(high), z = TBits.Broadcast(epoch), w = TBits.Broadcast(stream);
        TBits a = TBits.Broadcast(Philox.MultiplierA), b = TBits.Broadcast(Philox.MultiplierB);
        uint keyX = (uint)seed, keyY = (uint)(seed >> 32);
        for (int round = 0; round < Philox.Rounds; round++, keyX += Philox.WeylA, keyY += Philox.WeylB)
        {
            TBits highA = TBits.MultiplyHigh(x, a), lowA = x * a, highB = TBits.MultiplyHigh(z, b), lowB = z * b;
            (x, y, z, w) = (highB ^ y ^ TBits.Broadcast(keyX), lowB, highA ^ w ^ TBits.Broadcast(keyY), lowA);
        }

        return (x, y, z, w);
    }
}
