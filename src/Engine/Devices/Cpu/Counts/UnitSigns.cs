using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>The signs of a unit from the bounds of its counts.</summary>
internal readonly unsafe struct UnitSigns<TBits> : ICountSink<UnitSigns<TBits>, TBits> where TBits : unmanaged, IBitSimd<TBits>
{
    public required FoldedUnit<TBits> Unit { get; init; }

    /// <summary>[N,OH,OW,words]; null where nobody reads them.</summary>
    public required uint* Signs { get; init; }

    public int Pixels => Unit.Columns;

    private SignBlock Block { get; init; }

    private TBits Bounds { get; init; }

    private uint Flips { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public UnitSigns<TBits> At(long image, int row, int block, uint* memory)
    {
        int first = block * TBits.Lanes, shift = first % Bits.PerWord;
        return this with
        {
            Block = new SignBlock(Signs == null ? null : Signs + Unit.Row(image, row) * Unit.Words, Unit.Words, first),
            Bounds = TBits.Load((uint*)Unit.Bounds + first),
            Flips = (Unit.Flips[first / Bits.PerWord] >> shift) & (uint)((1UL << TBits.Lanes) - 1),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(int column, TBits dots, ref TBits first, ref TBits second) => Block.Put(column, TBits.AtMost(dots, Bounds) ^ Flips);

    public void End(TBits first, TBits second)
    {
    }
}
