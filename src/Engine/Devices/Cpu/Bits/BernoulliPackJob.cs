using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// Draws the signs of one item, an image or a filter, by groups of 128 elements: sixteen blocks of Philox give what each is compared with,
/// the comparisons a run of bits, and the run is cut into rows of channels.
/// </summary>
internal readonly unsafe struct BernoulliPackJob<TSimd, TBits> : IParallelJob
    where TSimd : unmanaged, ISimd<TSimd>
    where TBits : unmanaged, IBitSimd<TBits>
{
    private const int Group = BernoulliDraw.Group, Lanes = BernoulliDraw.Run, Upper = Group / 2;

    /// <summary>Of an item.</summary>
    public required long Elements { get; init; }

    public required int Channels { get; init; }

    /// <summary>[items, elements].</summary>
    public required float* X { get; init; }

    public required long* Counters { get; init; }

    public required BernoulliDraw Draw { get; init; }

    /// <summary>[items, rows, words].</summary>
    public required uint* Packed { get; init; }

    public void Run(int part, int worker)
    {
        float* x = X + part * Elements;
        float* random = stackalloc float[Group];
        uint* drawn = stackalloc uint[Group / Bits.PerWord];
        var rows = new RowBits(Channels, Packed + part * (Elements / Channels) * Bits.Words(Channels));
        uint block = Draw.FirstBlock(part, Elements), place = Draw.Place(part, Counters[BatchCounters.CursorSlot]);
        for (long at = 0; at < Elements; at += Group, block += Lanes)
        {
            int count = (int)Math.Min(Group, Elements - at);
            Fill(block, place, random);
            for (int word = 0; word * Bits.PerWord < count; word++)
                drawn[word] = Compare(x + at + word * Bits.PerWord, random + word * Bits.PerWord,
                    Math.Min(Bits.PerWord, count - word * Bits.PerWord));
            rows.Append(drawn, count);
        }
    }

    /// <summary>The sixteen random bits of each element of a group, as numbers.</summary>
    private void Fill(uint block, uint place, float* random)
    {
        ulong seed = (ulong)Counters[BatchCounters.SeedSlot];
        uint epoch = (uint)Counters[BatchCounters.EpochSlot];
        for (int lane = 0; lane < Lanes; lane += TBits.Lanes, random += TBits.Lanes)
        {
            var (x, y, z, w) = PhiloxBlocks.Of<TBits>(seed, Draw.Word, epoch, place, block + (uint)lane);
            TBits.StoreHalves(x, random, random + Upper);
            TBits.StoreHalves(y, random + Lanes, random + Upper + Lanes);
            TBits.StoreHalves(z, random + 2 * Lanes, random + Upper + 2 * Lanes);
            TBits.StoreHalves(w, random + 3 * Lanes, random + Upper + 3 * Lanes);
        }
    }

    // The bound is exact in single precision, and a difference is below zero where its first term is below its second.
    private static uint Compare(float* x, float* random, int count)
    {
        uint bits = 0;
        int i = 0;
        TSimd step = TSimd.Broadcast(BernoulliDraw.Step), lowest = TSimd.Broadcast(BernoulliDraw.Lowest);
        for (; i + TSimd.Width <= count; i += TSimd.Width)
            bits |= (TSimd.Load(x + i) - TSimd.MultiplyAdd(TSimd.Load(random + i), step, lowest)).NegativeMask() << i;
        for (; i < count; i++)
            bits |= (x[i] < random[i] * BernoulliDraw.Step + BernoulliDraw.Lowest ? 1u : 0) << i;
        return bits;
    }
}
