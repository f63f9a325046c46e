using System.Runtime.CompilerServices;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    private const double DeviationEpsilon = 1e-5;

    public void ImageDeviation(Tensor x, Tensor statistics, Tensor y)
    {
        int images = x.Shape[0];
        var job = new DeviationJob<TSimd>
        {
            Parts = images,
            Size = x.Shape.Count / images,
            Epsilon = DeviationEpsilon,
            Centres = false,
            X = Reals(x),
            Statistics = Reals(statistics),
            Y = Reals(y),
        };
        threads.Run(ref job, images);
    }

    public void ImageDeviationBackward(Tensor dy, Tensor x, Tensor statistics, bool attached, Tensor dx, GradMode mode)
    {
        int images = x.Shape[0];
        var job = new ImageDeviationBackwardJob
        {
            Images = images,
            Size = x.Shape.Count / images,
            Dy = Reals(dy),
            X = Reals(x),
            Statistics = Reals(statistics),
            Attached = attached,
            Dx = Reals(dx),
            Mode = mode,
        };
        threads.Run(ref job, images);
    }

    /// <summary>One image of the gradient.</summary>
    private readonly struct ImageDeviationBackwardJob : IParallelJob
    {
        public required int Images { get; init; }

        /// <summary>Values of an image.</summary>
        public required long Size { get; init; }

        public required float* Dy { get; init; }

        public required float* X { get; init; }

        /// <summary>[2, images].</summary>
        public required float* Statistics { get; init; }

        public required bool Attached { get; init; }

        public required float* Dx { get; init; }

        public required GradMode Mode { get; init; }

        public void Run(int part, int worker)
        {
            long first = part * Size, i = first, end = first + Size;
            float mean = Statistics[part], deviation = Statistics[Images + part];
            double cube = (double)deviation * deviation * deviation;
            float share = Attached ? (float)(DoubleSums.Dot(Dy + first, X + first, Size) / ((Size - 1) * cube)) : 0;
            for (; i + TSimd.Width <= end; i += TSimd.Width)
                Put<TSimd>(i, mean, deviation, share);
            for (; i < end; i++)
                Put<SimdScalar>(i, mean, deviation, share);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Put<T>(long at, float mean, float deviation, float share) where T : unmanaged, ISimd<T>
        {
            T g = T.Load(Dy + at) / T.Broadcast(deviation);
            if (Attached)
                g -= (T.Load(X + at) - T.Broadcast(mean)) * T.Broadcast(share);
            (Mode == GradMode.Add ? g + T.Load(Dx + at) : g).Store(Dx + at);
        }
    }
}
