using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    private const double LeastGradientNorm = 1e-6, LeastWeightNorm = 1e-3;

    public void SilentWeights(Tensor w, Tensor dw, Tensor tracker, Tensor previous, Tensor knobs)
    {
        int filters = w.Shape[0];
        var job = new SilentJob
        {
            Size = w.Shape.Count / filters,
            W = Reals(w),
            Dw = Reals(dw),
            Tracker = Reals(tracker),
            Previous = Reals(previous),
            Knobs = Reals(knobs),
        };
        threads.Run(ref job, filters);
    }

    /// <summary>One filter: its two norms in double, then weight by weight.</summary>
    private readonly struct SilentJob : IParallelJob
    {
        /// <summary>Values of a filter.</summary>
        public required long Size { get; init; }

        public required float* W { get; init; }

        public required float* Dw { get; init; }

        public required float* Tracker { get; init; }

        public required float* Previous { get; init; }

        /// <summary>[5].</summary>
        public required float* Knobs { get; init; }

        public void Run(int part, int worker)
        {
            long first = part * Size, i = first, end = first + Size;
            double gradient = Math.Max(Math.Sqrt(DoubleSums.Dot(Dw + first, Dw + first, Size)), LeastGradientNorm);
            double weights = Math.Max(Math.Sqrt(DoubleSums.Dot(W + first, W + first, Size)), LeastWeightNorm);
            double delta = Knobs[0];
            float factor = gradient / weights < delta ? (float)(delta * weights / gradient) : 1;
            for (; i + TSimd.Width <= end; i += TSimd.Width)
                Put<TSimd>(i, factor);
            for (; i < end; i++)
                Put<SimdScalar>(i, factor);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Put<T>(long at, float factor) where T : unmanaged, ISimd<T>
        {
            T w = T.Load(W + at), before = T.Load(Previous + at), one = T.Broadcast(1);
            // Signs differ where one of the two is below 0 and the other is not; a weight not yet known, 0, has none.
            T now = T.SelectLess(w, T.Zero, one, T.Zero), then = T.SelectLess(before, T.Zero, one, T.Zero);
            T flip = T.SelectGreater(T.Abs(before), T.Zero, T.Abs(now - then), T.Zero);
            T tracker = T.Broadcast(Knobs[2]) * T.Load(Tracker + at) + T.Broadcast(Knobs[3]) * flip;
            T extra = T.SelectLess(tracker, T.Broadcast(Knobs[4]), T.Broadcast(Knobs[1]) * w, T.Zero);
            (T.Broadcast(factor) * T.Load(Dw + at) + extra).Store(Dw + at);
            tracker.Store(Tracker + at);
            w.Store(Previous + at);
        }
    }
}
