using System.Runtime.CompilerServices;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Slopes;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>target (+)= h(x) * factor * sum.</summary>
internal readonly unsafe struct SlopeFinish<TSimd, TSlope> : IRowFinish
    where TSimd : unmanaged, ISimd<TSimd>
    where TSlope : unmanaged, ISlope<TSlope>
{
    /// <summary>Multiplies every sum.</summary>
    public required float Factor { get; init; }

    public required TSlope Slope { get; init; }

    /// <summary>What the slope is taken at, as the target; unused by a slope that is the identity.</summary>
    public required float* X { get; init; }

    /// <summary>[N, rows, columns, channels] of the result.</summary>
    public required float* Target { get; init; }

    public required GradMode Mode { get; init; }

    public void Expect(in RowPlan plan, long image, int row)
    {
        long count = (long)plan.Columns * plan.Channels, at = (image * plan.Rows + row) * count;
        Prefetch.ToFirst(Target + at, count * sizeof(float));
        if (typeof(TSlope) != typeof(IdentitySlope))
            Prefetch.ToFirst(X + at, count * sizeof(float));
    }

    public void Row(float* sums, int padded, in RowPlan plan, long image, int row)
    {
        int pixels = plan.Columns, channels = plan.Channels;
        long at = (image * plan.Rows + row) * pixels * channels;
        float* x = X + at, target = Target + at;
        if (channels == padded)
            (pixels, channels, padded) = (1, pixels * channels, pixels * channels);
        for (int p = 0; p < pixels; p++, sums += padded, x += channels, target += channels)
        {
            int c = 0;
            for (; c + TSimd.Width <= channels; c += TSimd.Width)
                Put<TSimd>(sums + c, x + c, target + c);
            for (; c < channels; c++)
                Put<SimdScalar>(sums + c, x + c, target + c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Put<T>(float* sum, float* x, float* target) where T : unmanaged, ISimd<T>
    {
        T value = T.Load(sum) * T.Broadcast(Factor);
        if (typeof(TSlope) != typeof(IdentitySlope))
            value *= Slope.Evaluate(T.Load(x));
        if (Mode == GradMode.Add)
            value += T.Load(target);
        value.Store(target);
    }
}
