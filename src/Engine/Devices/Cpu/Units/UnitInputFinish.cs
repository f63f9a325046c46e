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

    public void Expect(in RowPlan plan, long image, int row)
    {
        long count = (long)plan.Columns * plan.Channels, at = (image * plan.Rows + row) * count;
        Prefetch.ToFirst(Dx + at, count * sizeof(float));
        if (X == null)
            Prefetch.ToFirst(Counts + at, count * sizeof(short));
        else
            Prefetch.ToFirst(X + at, count * sizeof(float));
    }

    public void Row(float* sums, int padded, in RowPlan plan, long image, int row)
    {
        int channels = plan.Channels, c = 0;
        long at = (image * plan.Rows + row) * plan.Columns * channels;
        float* wide = Padded.GradientRow(image, row, channels), begun = stackalloc float[ChannelSums.InSingle * TSimd.Width];
        for (; c + TSimd.Width <= channels; c += TSimd.Width)
            Columns<TSimd>(sums, padded, plan.Columns, channels, c, at, wide, begun);
        for (; c < channels; c++)
            Columns<SimdScalar>(sums, padded, plan.Columns, channels, c, at, wide, begun);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Columns<T>(float* sums, int padded, int columns, int channels, int c, long at, float* wide, float* begun)
        where T : unmanaged, ISimd<T>
    {
        // In locals, where the compiler keeps them in registers: a store through a pointer might change what lies in memory.
        TSlope slope = Slope;
        GradMode mode = Mode;
        T scale = T.Broadcast(Scale), mean = T.Zero, factor = T.Zero, offset = T.Zero;
        if (Counts != null)
            (mean, factor, offset) = (T.Load(Norm.Mean + c), T.Load(Norm.Factor + c), T.Load(Norm.Offset + c));
        short* counts = Counts == null ? null : Counts + at + c;
        float* x = X == null ? null : X + at + c, dx = Dx + at + c, sum = sums + c;
        double* totals = Sums == null ? null : Sums + c;
        int ofShortcut = Padded.Channels;
        for (int q = 0; q < columns;)
        {
            T all = T.Zero, dot = T.Zero;
            int first = q, stop = Math.Min(columns, q + ChannelSums.InSingle);
            for (int p = first; TSlope.HasHalves && p < stop; p++)
            {
                nint pixel = (nint)p * channels;
                TSlope.Begin(slope, x == null ? T.MultiplyAdd(T.Max(T.LoadShorts(counts + pixel), T.Zero) - mean, factor, offset)
                    : T.Load(x + pixel)).Store(begun + (nint)(p - first) * T.Width);
            }

            for (; q < stop; q++, dx += channels, sum += padded)
            {
                nint pixel = (nint)q * channels;
                T difference = counts == null ? T.Zero : T.Max(T.LoadShorts(counts + pixel), T.Zero) - mean;
                T value = T.Load(sum) * scale;
                if (typeof(TSlope) != typeof(IdentitySlope))
                {
                    value *= TSlope.Finish(slope, x == null ? T.MultiplyAdd(difference, factor, offset) : T.Load(x + pixel),
                        T.Load(begun + (nint)(q - first) * T.Width));
                }

                if (mode == GradMode.Add)
                    value += T.Load(dx);
                if (wide != null && q % 2 == 0)
                    value += T.Load(wide + (nint)(q / 2) * ofShortcut + c);
                value.Store(dx);
                all += value;
                dot = T.MultiplyAdd(value, difference, dot);
            }

            if (totals == null)
                continue;
            all.AddTo(totals);
            dot.AddTo(totals + channels);
        }
    }
}
