using System.Runtime.CompilerServices;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    public void StandardiseWeights(Tensor w, double epsilon, Tensor statistics, Tensor y)
    {
        int filters = w.Shape[0];
        var job = new DeviationJob<TSimd>
        {
            Parts = filters,
            Size = w.Shape.Count / filters,
            Epsilon = epsilon,
            Centres = true,
            X = Reals(w),
            Statistics = Reals(statistics),
            Y = Reals(y),
        };
        threads.Run(ref job, filters);
    }

    public void StandardiseWeightsBackward(Tensor dy, Tensor w, Tensor statistics, Tensor dw, GradMode mode)
    {
        int filters = w.Shape[0];
        var job = new StandardiseBackwardJob
        {
            Filters = filters,
            Size = w.Shape.Count / filters,
            Dy = Reals(dy),
            W = Reals(w),
            Statistics = Reals(statistics),
            Dw = Reals(dw),
            Mode = mode,
        };
        threads.Run(ref job, filters);
    }

    /// <summary>One filter of the gradient.</summary>
    private readonly struct StandardiseBackwardJob : IParallelJob
    {
        public required int Filters { get; init; }

        /// <summary>Values of a filter.</summary>
        public required long Size { get; init; }

        public required float* Dy { get; init; }

        public required float* W { get; init; }

        /// <summary>[2, filters].</summary>
        public required float* Statistics { get; init; }

        public required float* Dw { get; init; }

        public required GradMode Mode { get; init; }

        public void Run(int part, int worker)
        {
            long first = part * Size, i = first, end = first + Size;
            float mean = Statistics[part], deviation = Statistics[Filters + part];
            double sum = DoubleSums.Sum(Dy + first, Size);
            // sum(dy (w - mean)) / s: what the mean takes away is left to double, where the two sums may cancel.
            double dot = (DoubleSums.Dot(Dy + first, W + first, Size) - mean * sum) / deviation;
            float common = (float)(sum / Size), share = (float)(dot / ((Size - 1) * (double)deviation));
            for (; i + TSimd.Width <= end; i += TSimd.Width)
                Put<TSimd>(i, mean, deviation, common, share);
            for (; i < end; i++)
                Put<SimdScalar>(i, mean, deviation, common, share);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Put<T>(long at, float mean, float deviation, float common, float share) where T : unmanaged, ISimd<T>
        {
            T g = (T.Load(Dy + at) - T.Broadcast(common) - (T.Load(W + at) - T.Broadcast(mean)) * T.Broadcast(share))
                / T.Broadcast(deviation);
            (Mode == GradMode.Add ? g + T.Load(Dw + at) : g).Store(Dw + at);
        }
    }
}
