using System.Numerics;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>One word of output channels of <see cref="FoldedUnit{TBits}"/>: all but the weights.</summary>
internal readonly unsafe struct FoldUnitJob<TSimd, TBits> : IParallelJob
    where TSimd : unmanaged, ISimd<TSimd>
    where TBits : unmanaged, IBitSimd<TBits>
{
    public required ConvGeometry Geometry { get; init; }

    public required FoldedUnit<TBits> Unit { get; init; }

    /// <summary>[1] or [O]; null for 1.</summary>
    public required float* Scale { get; init; }

    public required bool ScaleIsOfChannel { get; init; }

    public required RunningConstants Constants { get; init; }

    public required UnitExpression Expression { get; init; }

    /// <summary>Whether the sign of a sum is all that is wanted of it.</summary>
    public required bool FindsBounds { get; init; }

    public void Run(int part, int worker)
    {
        int first = part * Bits.PerWord, end = Math.Min(Geometry.O, first + Bits.PerWord);
        for (int o = first; o < first + Bits.PerWord; o++)
        {
            bool isThere = o < end;
            Unit.Scales[o] = !isThere ? 0 : Scale == null ? 1 : Scale[ScaleIsOfChannel ? o : 0];
            (Unit.Means[o], Unit.Factors[o], Unit.Shifts[o]) = (0, 0, 0);
        }

        Constants.Write(first, end - first, Unit.Means + first, Unit.Factors + first, Unit.Shifts + first);
        Unit.Hold[part] = FindsBounds && FindBounds(part, first, end) ? 1u : 0;
    }

    // Rounding keeps the order of numbers, so there is one bound a channel; where infinities or NaN make more of it, there is none.
    private bool FindBounds(int word, int first, int end)
    {
        int sums = Geometry.K * Geometry.K * Geometry.I;
        uint start = Negative(-sums, first, end), before = start, changed = 0;
        for (int o = first; o < first + Bits.PerWord; o++)
            Unit.Bounds[o] = (start >> (o - first) & 1) != 0 ? int.MaxValue : int.MinValue;
        for (int sum = 1 - sums; sum <= sums; sum++)
        {
            uint negative = Negative(sum, first, end), changes = negative ^ before;
            if ((changes & changed) != 0)
                return false;
            for (uint left = changes; left != 0; left &= left - 1)
                Unit.Bounds[first + BitOperations.TrailingZeroCount(left)] = sum - 1;
            (changed, before) = (changed | changes, negative);
        }

        Unit.Flips[word] = changed & ~start;
        return true;
    }

    private uint Negative(int sum, int first, int end)
    {
        uint negative = 0;
        int whole = Geometry.O / TSimd.Width * TSimd.Width, o = first;
        for (; o < Math.Min(whole, end); o += TSimd.Width)
            negative |= Expression.Of<TSimd>(o).Of(TSimd.Broadcast(sum)).NegativeMask() << (o - first);
        for (; o < end; o++)
            negative |= Expression.Of<SimdScalar>(o).Of(SimdScalar.Broadcast(sum)).NegativeMask() << (o - first);
        return negative;
    }
}
