using System.Runtime.CompilerServices;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Slopes;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// Finishes rows of a unit's input gradient: dx (+)= h(x) scale sum [+ the gradient of x as an option A shortcut]. Where the unit before is
/// linked to this one, x may be found from its counts, and the two sums that its batch norm wants of dx are taken on the way.
/// </summary>
internal readonly unsafe struct UnitInputFinish<TSimd, TSlope> : IRowFinish
    where TSimd : unmanaged, ISimd<TSimd>
    where TSlope : unmanaged, ISlope<TSlope>
{
    /// <summary>The layer's scale.</summary>
    public required float Scale { get; init; }

    public required TSlope Slope { get; init; }

    /// <summary>[N,H,W,I]; null where it is found from the counts.</summary>
    public required float* X { get; init; }

    /// <summary>[N,H,W,I] of the unit before; null where it is not linked.</summary>
    public required short* Counts { get; init; }

    /// <summary>Of the unit before.</summary>
    public required CountNorm Norm { get; init; }

    /// <summary>[N,H,W,I].</summary>
    public required float* Dx { get; init; }

    public required GradMode Mode { get; init; }

    public required PaddedShortcut Padded { get; init; }

    /// <summary>[2, I] of the slice under way; null where the unit before wants none.</summary>
    public required double* Sums { get; init; }

    /// <summary>What the next image's gradient before batch norm will be found from.</summary>
    public required UnitGradient<TSimd> Ahead { get; init; }

    public void Expect(in RowPlan plan, long image, int row)
    {
        long count = (long)plan.Columns * plan.Channels, at = (image * plan.Rows + row) * count;
        Prefetch.ToFirst(Dx + at, count * sizeof(float));
        if (X == null)
            Prefetch.ToFirst(Counts + at, count * sizeof(short));
        else
            Prefetch.ToFirst(X + at, count * sizeof(float));
        Ahead.Expect(image + 1, row, plan.Rows);
    }

    public void Row(float* sums, int padded, in RowPlan plan, long image, int row)
    {
        int channels = plan.Channels, c = 0;
        long at = (image * plan.Rows + row) * plan.Columns * channels;
        float* wide = Padded.GradientRow(image, row, channels);
        for (; c + TSimd.Width <= channels; c += TSimd.Width)
            Columns<TSimd>(sums, padded, plan.Columns, channels, c, at, wide);
        for (; c < channels; c++)
            Columns<SimdScalar>(sums, padded, plan.Columns, channels, c, at, wide);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Columns<T>(float* sums, int padded, int columns, int channels, int c, long at, float* wide) where T : unmanaged, ISimd<T>
    {
        T mean = T.Zero, factor = T.Zero, offset = T.Zero;
        if (Counts != null)
            (mean, factor, offset) = (T.Load(Norm.Mean + c), T.Load(Norm.Factor + c), T.Load(Norm.Offset + c));
        float* dx = Dx + at + c;
        for (int q = 0; q < columns;)
        {
            T sum = T.Zero, dot = T.Zero;
            for (int stop = Math.Min(columns, q + ChannelSums.InSingle); q < stop; q++, dx += channels)
            {
                nint pixel = (nint)q * channels;
                T difference = Counts == null ? T.Zero : T.Max(T.LoadShorts(Counts + at + c + pixel), T.Zero) - mean;
                T value = T.Load(sums + (nint)q * padded + c) * T.Broadcast(Scale);
                if (typeof(TSlope) != typeof(IdentitySlope))
                    value *= Slope.Evaluate(X == null ? T.MultiplyAdd(difference, factor, offset) : T.Load(X + at + c + pixel));
                if (Mode == GradMode.Add)
                    value += T.Load(dx);
                if (wide != null && q % 2 == 0)
                    value += T.Load(wide + (nint)(q / 2) * Padded.Channels + c);
                value.Store(dx);
                sum += value;
                dot = T.MultiplyAdd(value, difference, dot);
            }

            if (Sums == null)
                continue;
            sum.AddTo(Sums + c);
            dot.AddTo(Sums + channels + c);
        }
    }
}
