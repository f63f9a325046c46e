using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    public void ShortcutPad(Tensor x, Tensor y)
    {
        var job = new ShortcutPadJob { X = x.Shape, Y = y.Shape, Small = Reals(x), Wide = Reals(y) };
        threads.Run(ref job, x.Shape[0]);
    }

    public void ShortcutPadBackward(Tensor dy, Tensor dx, GradMode mode)
    {
        var job = new ShortcutPadBackwardJob { X = dx.Shape, Y = dy.Shape, Wide = Reals(dy), Small = Reals(dx), Mode = mode };
        threads.Run(ref job, dx.Shape[0]);
    }

    /// <summary>One image of the option A shortcut.</summary>
    private readonly struct ShortcutPadJob : IParallelJob
    {
        public required Shape X { get; init; }

        public required Shape Y { get; init; }

        public required float* Small { get; init; }

        public required float* Wide { get; init; }

        public void Run(int part, int worker)
        {
            int offset = (Y[3] - X[3]) / 2;
            for (int p = 0; p < Y[1]; p++)
                for (int q = 0; q < Y[2]; q++)
                {
                    var to = new Span<float>(Wide + (((long)part * Y[1] + p) * Y[2] + q) * Y[3], Y[3]);
                    to[..offset].Clear();
                    new ReadOnlySpan<float>(Small + (((long)part * X[1] + 2 * p) * X[2] + 2 * q) * X[3], X[3]).CopyTo(to[offset..]);
                    to[(offset + X[3])..].Clear();
                }
        }
    }

    /// <summary>One image of its gradient.</summary>
    private readonly struct ShortcutPadBackwardJob : IParallelJob
    {
        public required Shape X { get; init; }

        public required Shape Y { get; init; }

        public required float* Wide { get; init; }

        public required float* Small { get; init; }

        public required GradMode Mode { get; init; }

        public void Run(int part, int worker)
        {
            int offset = (Y[3] - X[3]) / 2;
            for (int r = 0; r < X[1]; r++)
                for (int c = 0; c < X[2]; c++)
                {
                    var to = new Span<float>(Small + (((long)part * X[1] + r) * X[2] + c) * X[3], X[3]);
                    float* from = Wide + (((long)part * Y[1] + r / 2) * Y[2] + c / 2) * Y[3] + offset;
                    bool kept = r % 2 == 0 && c % 2 == 0;
                    if (Mode == GradMode.Add)
                        for (int i = 0; kept && i < to.Length; i++)
                            to[i] += from[i];
                    else if (kept)
                        new ReadOnlySpan<float>(from, X[3]).CopyTo(to);
                    else
                        to.Clear();
                }
        }
    }
}
