using System.Runtime.CompilerServices;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// Counts as training keeps them: in sixteen bits; and of those of each channel, rectified, the sum and the sum of squares, which are whole
/// numbers and so have no order.
/// </summary>
internal readonly unsafe struct CountSums<TBits> : ICountSink<CountSums<TBits>, TBits> where TBits : unmanaged, IBitSimd<TBits>
{
    public required ConvGeometry Geometry { get; init; }

    /// <summary>[N,OH,OW,O], or from where a row and block begin.</summary>
    public required short* Counts { get; init; }

    /// <summary>[2, O], or from where a block begins.</summary>
    public required double* Sums { get; init; }

    /// <summary>Pixels whose sums of squares 32 bits hold.</summary>
    public required int Pixels { get; init; }

    /// <summary>Channels of the block.</summary>
    private int Lanes { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public CountSums<TBits> At(long image, int row, int block, uint* memory)
    {
        int first = block * TBits.Lanes;
        return this with
        {
            Counts = Counts + (image * Geometry.OH + row) * Geometry.OW * Geometry.O + first,
            Sums = Sums + first,
            Lanes = Math.Min(TBits.Lanes, Geometry.O - first),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(int column, TBits dots, ref TBits first, ref TBits second)
    {
        short* to = Counts + (nint)column * Geometry.O;
        Prefetch.Ahead(to);
        TBits.StoreShorts(dots, to, Lanes);
        TBits z = TBits.Rectify(dots);
        first += z;
        second = TBits.AddSquare(z, second);
    }

    public void End(TBits first, TBits second)
    {
        TBits.AddTo(first, Sums, Lanes);
        TBits.AddTo(second, Sums + Geometry.O, Lanes);
    }
}
