using ReSTE.Native.Packed;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Running;

/// <summary>The pixels of a pooling's windows that lie in the image.</summary>
internal readonly struct PoolWindows(MaxPoolLayer layer, ValueShape from)
{
    public (int First, int End) Rows(int p) => Along(p, from.Height);

    public (int First, int End) Columns(int q) => Along(q, from.Width);

    private (int First, int End) Along(int at, int size)
    {
        int first = at * layer.Stride - layer.Padding;
        return (Math.Max(first, 0), Math.Min(first + layer.Size, size));
    }
}

/// <summary>The largest number of each window.</summary>
internal sealed unsafe class MaxPoolStep<TSimd>(MaxPoolLayer layer, ValueShape from, ValueShape to, long x, long y) : Step
    where TSimd : unmanaged, ISimd<TSimd>
{
    private readonly PoolWindows _windows = new(layer, from);

    public override void Run(in RunMemory memory)
    {
        float* target = memory.Reals(y);
        for (int p = 0; p < to.Height; p++)
            for (int q = 0; q < to.Width; q++, target += to.Channels)
            {
                int c = 0;
                for (; c + TSimd.Width <= to.Channels; c += TSimd.Width)
                    Largest<TSimd>(memory.Reals(x) + c, p, q).Store(target + c);
                for (; c < to.Channels; c++)
                    Largest<SimdScalar>(memory.Reals(x) + c, p, q).Store(target + c);
            }
    }

    private T Largest<T>(float* source, int p, int q) where T : unmanaged, ISimd<T>
    {
        T largest = T.Broadcast(float.NegativeInfinity);
        (int top, int bottom) = _windows.Rows(p);
        (int left, int right) = _windows.Columns(q);
        for (int row = top; row < bottom; row++)
            for (int column = left; column < right; column++)
                largest = T.Max(largest, T.Load(source + ((long)row * from.Width + column) * from.Channels));
        return largest;
    }
}

/// <summary>The signs of the largest numbers: set where they are in every pixel of a window.</summary>
internal sealed unsafe class MaxPoolSignsStep(MaxPoolLayer layer, ValueShape from, ValueShape to, long x, long y) : Step
{
    private readonly PoolWindows _windows = new(layer, from);

    public override void Run(in RunMemory memory)
    {
        int words = Tensors.Bits.Words(to.Channels);
        uint* target = memory.Words(y);
        for (int p = 0; p < to.Height; p++)
            for (int q = 0; q < to.Width; q++, target += words)
            {
                (int top, int bottom) = _windows.Rows(p);
                (int left, int right) = _windows.Columns(q);
                new Span<uint>(target, words).Fill(uint.MaxValue);
                for (int row = top; row < bottom; row++)
                    for (int column = left; column < right; column++)
                    {
                        uint* pixel = memory.Words(x) + ((long)row * from.Width + column) * words;
                        for (int i = 0; i < words; i++)
                            target[i] &= pixel[i];
                    }
            }
    }
}
