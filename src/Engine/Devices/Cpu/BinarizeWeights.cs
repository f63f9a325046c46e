using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd>
{
    public void SignPack(Tensor x, Tensor bits)
    {
        var job = new SignPackJob<TSimd>
        {
            Slices = new Slices(x.Shape.Rows, ChannelBuffer.MaximalSlices),
            Channels = x.Shape.Last,
            X = Reals(x),
            Packed = bits.As<uint>(),
        };
        threads.Run(ref job, job.Slices.Count);
    }

    // A layer has some ten thousand weights: one thread in double is quicker than handing the work out.
    public void BinarizeWeights(Tensor w, Tensor bits, Tensor scale)
    {
        SignPack(w, bits);
        double sum = 0;
        float* ws = Reals(w);
        for (long i = 0; i < w.Shape.Count; i++)
            sum += Math.Abs(ws[i]);
        *Reals(scale) = (float)(sum / w.Shape.Count);
    }

    public void BinarizeWeightsBackward(Tensor w, Tensor dwHat, Tensor scale, SlopeKind slope, Tensor knobs, Tensor dw, GradMode mode)
    {
        var job = new WeightBackward(w, dwHat, scale, dw, mode);
        SlopeTable.Run(slope, ReadSlope(knobs, Knobs.WeightSlopeSlot), job);
    }

    private static void Put<T, TSlope>(float* w, float* hat, float factor, float share, TSlope slope, float* dw, GradMode mode)
        where T : unmanaged, ISimd<T>
        where TSlope : unmanaged, ISlope<TSlope>
    {
        T latent = T.Load(w);
        T signed = T.SelectLess(latent, T.Zero, T.Broadcast(-share), T.Broadcast(share));
        T value = T.MultiplyAdd(T.Load(hat) * T.Broadcast(factor), slope.Evaluate(latent), signed);
        (mode == GradMode.Add ? value + T.Load(dw) : value).Store(dw);
    }

    /// <summary>The gradient of the latent weights, for any slope.</summary>
    private readonly struct WeightBackward(Tensor w, Tensor dwHat, Tensor scale, Tensor dw, GradMode mode) : ISlopeKernel
    {
        public void Run<TSlope>(TSlope slope) where TSlope : unmanaged, ISlope<TSlope>
        {
            float* ws = Reals(w), hats = Reals(dwHat), dws = Reals(dw);
            long count = w.Shape.Count, i = 0;
            double total = 0;
            for (long k = 0; k < count; k++)
                total += Bits.IsNegative(ws[k]) ? -hats[k] : hats[k];
            float factor = *Reals(scale), share = (float)(total / count);
            for (; i + TSimd.Width <= count; i += TSimd.Width)
                Put<TSimd, TSlope>(ws + i, hats + i, factor, share, slope, dws + i, mode);
            for (; i < count; i++)
                Put<SimdScalar, TSlope>(ws + i, hats + i, factor, share, slope, dws + i, mode);
        }
    }
}
