using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>Where the signs of a unit go, a block of output channels of a row: [columns, <see cref="Words"/>].</summary>
internal readonly unsafe struct SignBlock<TBits>(uint* signs, int words, int block) where TBits : unmanaged, IBitSimd<TBits>
{
    // A block fills a word or a part of one.
    private readonly uint* _signs = signs == null ? null : signs + block * TBits.Lanes / Bits.PerWord;
    private readonly int _shift = block * TBits.Lanes % Bits.PerWord;

    /// <summary>Words of a pixel.</summary>
    public int Words => words;

    /// <summary>Writes those of a pixel, a bit a lane; blocks of a word come in their order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(int column, uint signs)
    {
        if (_signs == null)
            return;
        uint* word = _signs + (nint)column * Words;
        *word = _shift == 0 ? signs : *word | signs << _shift;
    }
}

/// <summary>The signs of a unit from the bounds of its counts.</summary>
internal readonly unsafe struct UnitSigns<TBits> : ICountSink<UnitSigns<TBits>, TBits> where TBits : unmanaged, IBitSimd<TBits>
{
    public required FoldedUnit<TBits> Unit { get; init; }

    /// <summary>[N,OH,OW,words].</summary>
    public required uint* Signs { get; init; }

    public int Pixels => Unit.Columns;

    private SignBlock<TBits> Block { get; init; }

    private TBits Bounds { get; init; }

    private uint Flips { get; init; }

    public UnitSigns<TBits> At(long image, int row, int block, uint* memory)
    {
        int first = block * TBits.Lanes, shift = first % Bits.PerWord;
        return this with
        {
            Block = new SignBlock<TBits>(Signs + Unit.Row(image, row) * Unit.Words, Unit.Words, block),
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
