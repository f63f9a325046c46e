using System.Runtime.CompilerServices;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
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
            int c = 0;
            for (; c + TSimd.Width <= Channels; c += TSimd.Width)
                Mean<TSimd>(x + c, y + c);
            for (; c < Channels; c++)
                Mean<SimdScalar>(x + c, y + c);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Mean<T>(float* x, float* y) where T : unmanaged, ISimd<T>
        {
            T sum = T.Zero;
            for (int p = 0; p < Pixels; p++, x += Channels)
                sum += T.Load(x);
            (sum / T.Broadcast(Pixels)).Store(y);
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
            int c = 0;
            for (; c + TSimd.Width <= Channels; c += TSimd.Width)
                Share<TSimd>(dy + c, dx + c);
            for (; c < Channels; c++)
                Share<SimdScalar>(dy + c, dx + c);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Share<T>(float* dy, float* dx) where T : unmanaged, ISimd<T>
        {
            T share = T.Load(dy) / T.Broadcast(Pixels);
            for (int p = 0; p < Pixels; p++, dx += Channels)
                (share + (Mode == GradMode.Add ? T.Load(dx) : T.Zero)).Store(dx);
        }
    }
}
