using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    public void AveragePool(Tensor x, Tensor y)
    {
        var job = new AveragePoolJob { Pixels = x.Shape[1] * x.Shape[2], Channels = x.Shape[3], X = Reals(x), Y = Reals(y) };
        threads.Run(ref job, x.Shape[0]);
    }

    public void AveragePoolBackward(Tensor dy, Tensor dx, GradMode mode)
    {
        var job = new AveragePoolBackwardJob
        {
            Pixels = dx.Shape[1] * dx.Shape[2],
            Channels = dx.Shape[3],
            Dy = Reals(dy),
            Dx = Reals(dx),
            Mode = mode,
        };
        threads.Run(ref job, dx.Shape[0]);
    }

    /// <summary>One image's mean over its pixels.</summary>
    private readonly struct AveragePoolJob : IParallelJob
    {
        public required int Pixels { get; init; }

        public required int Channels { get; init; }

        public required float* X { get; init; }

        public required float* Y { get; init; }

        public void Run(int part, int worker)
        {
            float* x = X + (long)part * Pixels * Channels, y = Y + (long)part * Channels;
            for (int c = 0; c < Channels; c++)
            {
                float sum = 0;
                for (int p = 0; p < Pixels; p++)
                    sum += x[(long)p * Channels + c];
                y[c] = sum / Pixels;
            }
        }
    }

    /// <summary>One image's share of the gradient, the same for all pixels.</summary>
    private readonly struct AveragePoolBackwardJob : IParallelJob
    {
        public required int Pixels { get; init; }

        public required int Channels { get; init; }

        public required float* Dy { get; init; }

        public required float* Dx { get; init; }

        public required GradMode Mode { get; init; }

        public void Run(int part, int worker)
        {
            float* dx = Dx + (long)part * Pixels * Channels, dy = Dy + (long)part * Channels;
            for (int p = 0; p < Pixels; p++, dx += Channels)
                for (int c = 0; c < Channels; c++)
                    dx[c] = dy[c] / Pixels + (Mode == GradMode.Add ? dx[c] : 0);
        }
    }
}
