using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>The numbers of a unit from its counts: through the float expression and the shortcut; and the signs of these.</summary>
internal readonly unsafe struct UnitReals<TSimd, TBits> : ICountSink<UnitReals<TSimd, TBits>, TBits>
    where TSimd : unmanaged, ISimd<TSimd>
    where TBits : unmanaged, IBitSimd<TBits>
{
    public required FoldedUnit<TBits> Unit { get; init; }

    public required UnitExpression Expression { get; init; }

    /// <summary>[N,OH,OW,O], or from where a row and block begin; or null.</summary>
    public required float* Shortcut { get; init; }

    /// <summary>As the shortcut; null where nobody reads it.</summary>
    public required float* Y { get; init; }

    /// <summary>[N,OH,OW,words]; null where nobody reads them.</summary>
    public required uint* Signs { get; init; }

    public int Pixels => Unit.Columns;

    private SignBlock Block { get; init; }

    private int Channel { get; init; }

    /// <summary>The sums of the row, whose numbers are found once all are there: then constants stay in registers.</summary>
    private float* Row { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public UnitReals<TSimd, TBits> At(long image, int row, int block, uint* memory)
    {
        int first = block * TBits.Lanes;
        long pixel = Unit.Row(image, row), at = pixel * Unit.Channels + first;
        return this with
        {
            Block = new SignBlock(Signs == null ? null : Signs + pixel * Unit.Words, Unit.Words, first),
            Shortcut = Shortcut == null ? null : Shortcut + at,
            Y = Y == null ? null : Y + at,
            Channel = first,
            Row = (float*)memory,
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(int column, TBits dots, ref TBits first, ref TBits second) =>
        TBits.Store(TBits.Singles(dots), Row + (nint)column * TBits.Lanes);

    public void End(TBits first, TBits second)
    {
        int columns = Unit.Columns;
        // A width is both kinds of vectors together, of the same number of lanes.
        if (Channel + TSimd.Width <= Unit.Channels)
        {
            ChannelExpression<TSimd> channels = Expression.Of<TSimd>(Channel);
            for (int column = 0; column < columns; column++)
                Block.Put(column, Finish(channels, column, 0));
            return;
        }

        for (int column = 0; column < columns; column++)
        {
            uint signs = 0;
            for (int lane = 0; Channel + lane < Unit.Channels; lane++)
                signs |= Finish(Expression.Of<SimdScalar>(Channel + lane), column, lane) << lane;
            Block.Put(column, signs);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Finish<T>(in ChannelExpression<T> channels, nint column, int lane) where T : unmanaged, ISimd<T>
    {
        nint at = column * Unit.Channels + lane;
        return new ResultRow(Shortcut, Y).Put(channels.Of(T.Load(Row + column * TBits.Lanes + lane)), at);
    }
}
