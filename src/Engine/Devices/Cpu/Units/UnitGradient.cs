using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// The gradient of a unit's convolution from that of y: factor (dy - offset - (max(count, 0) - mean) slope), 0 where the rectifier blocks;
/// and the two sums of each channel that its constants come from.
/// </summary>
internal readonly unsafe struct UnitGradient<TSimd> where TSimd : unmanaged, ISimd<TSimd>
{
    /// <summary>Output columns.</summary>
    public required int Columns { get; init; }

    public required int Channels { get; init; }

    /// <summary>Output rows of an image.</summary>
    public required int ImageRows { get; init; }

    /// <summary>[N,OH,OW,O].</summary>
    public required float* Dy { get; init; }

    /// <summary>[N,OH,OW,O].</summary>
    public required short* Counts { get; init; }

    public required CountNorm Norm { get; init; }

    /// <summary>Writes the gradient of one image, [OH,OW,O].</summary>
    public void Image(long n, float* gradient)
    {
        long at = n * ImageRows * Columns * Channels;
        for (int row = 0; row < ImageRows; row++, at += (long)Columns * Channels, gradient += (long)Columns * Channels)
        {
            int c = 0;
            for (; c + TSimd.Width <= Channels; c += TSimd.Width)
                Differentiate<TSimd>(Dy + at + c, Counts + at + c, c, gradient + c);
            for (; c < Channels; c++)
                Differentiate<SimdScalar>(Dy + at + c, Counts + at + c, c, gradient + c);
        }
    }

    /// <summary>Adds one image to the sums [2, O] of dy and of dy (max(count, 0) - mean).</summary>
    public void AddSums(long n, double* sums)
    {
        long at = n * ImageRows * Columns * Channels;
        for (int row = 0; row < ImageRows; row++, at += (long)Columns * Channels)
        {
            int c = 0;
            for (; c + TSimd.Width <= Channels; c += TSimd.Width)
                Sum<TSimd>(Dy + at + c, Counts + at + c, c, sums + c);
            for (; c < Channels; c++)
                Sum<SimdScalar>(Dy + at + c, Counts + at + c, c, sums + c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Differentiate<T>(float* dy, short* counts, int c, float* gradient) where T : unmanaged, ISimd<T>
    {
        T mean = T.Load(Norm.Mean + c), factor = T.Load(Norm.Factor + c), offset = T.Load(Norm.Offset + c), slope = T.Load(Norm.Slope + c);
        int step = Channels;
        for (int q = 0; q < Columns; q++, dy += step, counts += step, gradient += step)
        {
            Prefetch.Ahead(dy);
            Prefetch.Ahead(counts);
            T count = T.LoadShorts(counts);
            T value = (T.Load(dy) - offset - (T.Max(count, T.Zero) - mean) * slope) * factor;
            T.SelectGreater(count, T.Zero, value, T.Zero).Store(gradient);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Sum<T>(float* dy, short* counts, int c, double* sums) where T : unmanaged, ISimd<T>
    {
        T mean = T.Load(Norm.Mean + c);
        int step = Channels;
        for (int q = 0; q < Columns;)
        {
            T sum = T.Zero, dot = T.Zero;
            for (int stop = Math.Min(Columns, q + ChannelSums.InSingle); q < stop; q++, dy += step, counts += step)
            {
                T value = T.Load(dy);
                sum += value;
                dot = T.MultiplyAdd(value, T.Max(T.LoadShorts(counts), T.Zero) - mean, dot);
            }

            sum.AddTo(sums);
            dot.AddTo(sums + Channels);
        }
    }
}
