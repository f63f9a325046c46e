using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    public void CentreWeights(Tensor w, Tensor y)
    {
        int filters = w.Shape[0];
        var job = new CentreJob
        {
            W = Reals(w),
            Y = Reals(y),
            Taps = (int)(w.Shape.Count / filters / w.Shape.Last),
            Inputs = w.Shape.Last,
        };
        threads.Run(ref job, filters);
    }

    /// <summary>One filter: its taps, each with its mean in double.</summary>
    private readonly struct CentreJob : IParallelJob
    {
        public required float* W { get; init; }

        public required float* Y { get; init; }

        public required int Taps { get; init; }

        public required int Inputs { get; init; }

        public void Run(int part, int worker)
        {
            float* w = W + (long)part * Taps * Inputs, y = Y + (long)part * Taps * Inputs;
            for (int tap = 0; tap < Taps; tap++, w += Inputs, y += Inputs)
                Centre(w, (float)(DoubleSums.Sum(w, Inputs) / Inputs), y);
        }

        private void Centre(float* w, float mean, float* y)
        {
            int i = 0;
            for (; i + TSimd.Width <= Inputs; i += TSimd.Width)
            {
                TSimd one = TSimd.Broadcast(1), minusOne = TSimd.Broadcast(-1), centred = TSimd.Load(w + i) - TSimd.Broadcast(mean);
                TSimd.SelectGreater(centred, one, one, TSimd.SelectLess(centred, minusOne, minusOne, centred)).Store(y + i);
            }

            for (; i < Inputs; i++)
                y[i] = Math.Clamp(w[i] - mean, -1, 1);
        }
    }
}
