using ReSTE.Native.Operations;
using ReSTE.Native.Randomness;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void BernoulliPack(Tensor x, Tensor counters, BernoulliDraw draw, Tensor bits)
    {
        int channels = x.Shape.Last, words = Bits.Words(channels);
        long elements = x.Shape.Count / x.Shape[0];
        uint* packed = bits.As<uint>();
        new Span<uint>(packed, (int)bits.Shape.Count).Clear();
        for (long i = 0; i < x.Shape.Count; i++)
        {
            double bound = (2.0 * SixteenBits(draw, counters.As<long>(), i / elements, i % elements, elements) + 1) / 65536 - 1;
            if (Reals(x)[i] < bound)
                packed[i / channels * words + i % channels / Bits.PerWord] |= 1u << (int)(i % channels % Bits.PerWord);
        }
    }

    /// <summary>The random bits of one element of one item of that many elements.</summary>
    private static uint SixteenBits(BernoulliDraw draw, long* counters, long item, long element, long elements)
    {
        uint block = draw.FirstBlock(item, elements) + (uint)(element / 128 * 16 + element % 16);
        ulong index = ((ulong)draw.Place(item, counters[BatchCounters.CursorSlot]) << 32) | block;
        var (x, y, z, w) = Philox.Block((ulong)counters[BatchCounters.SeedSlot], (RandomStream)draw.Word,
            (uint)counters[BatchCounters.EpochSlot], index);
        uint word = (element % 64 / 16) switch { 0 => x, 1 => y, 2 => z, _ => w };
        return element % 128 < 64 ? word & 0xFFFF : word >> 16;
    }
}
