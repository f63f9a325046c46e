using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// The second half of a binary unit: y = (max(count, 0) - mean) factor + offset [+ shortcut], and the signs of y, in one pass.
/// </summary>
internal readonly unsafe struct UnitApply<TSimd> where TSimd : unmanaged, ISimd<TSimd>
{
    /// <summary>[N,OH,OW,O].</summary>
    public required Shape Shape { get; init; }

    public required short* Counts { get; init; }

    public required CountNorm Norm { get; init; }

    /// <summary>As Y, or null.</summary>
    public required float* Shortcut { get; init; }

    /// <summary>The shortcut, where there is an option A one.</summary>
    public required PaddedShortcut Padded { get; init; }

    /// <summary>Null where only the signs are wanted.</summary>
    public required float* Y { get; init; }

    /// <summary>[N,OH,OW,words].</summary>
    public required uint* Signs { get; init; }

    /// <summary>Working memory, a row [OW,O] a worker.</summary>
    public required float* Memory { get; init; }

    /// <summary>Singles of working memory a worker.</summary>
    public static long WorkerFloats(in Shape y) => Floats.Align((long)y[2] * y[3]);

    /// <summary>Does one image.</summary>
    public void Image(long n, int worker)
    {
        int columns = Shape[2], channels = Shape[3];
        float* padded = Memory + worker * WorkerFloats(Shape);
        for (int p = 0; p < Shape[1]; p++)
        {
            long pixel = (n * Shape[1] + p) * columns, at = pixel * channels;
            float* shortcut = Shortcut == null ? null : Shortcut + at;
            if (Padded.Exists)
                Padded.PutRow(n, p, columns, channels, shortcut = padded);
            Row(Counts + at, shortcut, Y == null ? null : Y + at, Signs + pixel * Bits.Words(channels));
        }
    }

    // A vector of channels at a time, whose constants stay in registers.
    private void Row(short* counts, float* shortcut, float* y, uint* signs)
    {
        int channels = Shape[3], words = Bits.Words(channels), c = 0;
        for (; c + TSimd.Width <= channels; c += TSimd.Width)
            Columns<TSimd>(counts, shortcut, y, new SignBlock(signs, words, c), c);
        for (; c < channels; c++)
            Columns<SimdScalar>(counts, shortcut, y, new SignBlock(signs, words, c), c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Columns<T>(short* counts, float* shortcut, float* y, SignBlock signs, int c) where T : unmanaged, ISimd<T>
    {
        T mean = T.Load(Norm.Mean + c), factor = T.Load(Norm.Factor + c), offset = T.Load(Norm.Offset + c);
        int columns = Shape[2], channels = Shape[3];
        var result = new ResultRow(shortcut, y);
        nint at = c;
        for (int q = 0; q < columns; q++, at += channels)
        {
            Prefetch.Ahead(counts + at);
            T value = T.MultiplyAdd(T.Max(T.LoadShorts(counts + at), T.Zero) - mean, factor, offset);
            signs.Put(q, result.Put(value, at));
        }
    }
}
