using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>One row of an image's output: the bits that are set in every pixel of a window.</summary>
internal readonly unsafe struct MaxPoolSignsJob : IParallelJob
{
    /// <summary>[N,H,W,words].</summary>
    public required Shape X { get; init; }

    /// <summary>[N,OH,OW,words].</summary>
    public required Shape Y { get; init; }

    public required PoolWindow Window { get; init; }

    public required uint* From { get; init; }

    public required uint* To { get; init; }

    public void Run(int part, int worker)
    {
        int words = Y[3], top = part % Y[1] * Window.Stride - Window.Padding;
        uint* image = From + (long)(part / Y[1]) * X[1] * X[2] * words;
        for (int q = 0; q < Y[2]; q++)
        {
            uint* to = To + ((long)part * Y[2] + q) * words;
            int left = q * Window.Stride - Window.Padding;
            new Span<uint>(to, words).Fill(uint.MaxValue);
            for (int row = Math.Max(top, 0); row < Math.Min(top + Window.Size, X[1]); row++)
                for (int column = Math.Max(left, 0); column < Math.Min(left + Window.Size, X[2]); column++)
                {
                    uint* pixel = image + ((long)row * X[2] + column) * words;
                    for (int i = 0; i < words; i++)
                        to[i] &= pixel[i];
                }
        }
    }
}
