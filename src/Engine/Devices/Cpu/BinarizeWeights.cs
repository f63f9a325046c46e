using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    private const double RootOfTwo = 1.4142135623730951;

    public void BinarizeWeights(Tensor w, Tensor bits, Tensor? scale)
    {
        SignPack(w, bits);
        if (scale != null)
            MeanMagnitude(w, scale);
    }

    // A layer has some ten thousand weights: one thread in double is quicker than handing the work out.
    public void MeanMagnitude(Tensor w, Tensor scale)
    {
        long shared = w.Shape.Count / scale.Shape.Count;
        float* ws = Reals(w);
        for (int group = 0; group < scale.Shape.Count; group++, ws += shared)
        {
            double sum = 0;
            for (long i = 0; i < shared; i++)
                sum += Math.Abs(ws[i]);
            Reals(scale)[group] = (float)(sum / shared);
        }
    }

    public void PowerOfTwo(Tensor scale)
    {
        float* scales = Reals(scale);
        for (long i = 0; i < scale.Shape.Count; i++)
        {
            // The fraction in [1, 2) decides: from the root of 2 on, the next power is nearer.
            int exponent = MathF.ILogB(scales[i]);
            if (scales[i] > 0)
                scales[i] = MathF.ScaleB(1, MathF.ScaleB(scales[i], -exponent) > RootOfTwo ? exponent + 1 : exponent);
        }
    }

    public void BinarizeWeightsBackward(Tensor w, Tensor dwHat, Tensor? scale, bool attached, SlopeKind slope, Tensor slopeParameters,
        Tensor dw, GradMode mode, Tensor? drawn = null)
    {
        var job = new WeightBackward(w, dwHat, scale, attached, dw, mode, drawn);
        slope.Run(ReadSlope(slopeParameters), job);
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
    private readonly struct WeightBackward(Tensor w, Tensor dwHat, Tensor? scale, bool attached, Tensor dw, GradMode mode,
        Tensor? drawn) : ISlopeKernel
    {
        public void Run<TSlope>(TSlope slope) where TSlope : unmanaged, ISlope<TSlope>
        {
            long groups = scale?.Shape.Count ?? 1, shared = w.Shape.Count / groups;
            for (long group = 0; group < groups; group++)
                Run(slope, group * shared, shared, scale == null ? 1 : Reals(scale)[group]);
        }

        private void Run<TSlope>(TSlope slope, long first, long count, float factor) where TSlope : unmanaged, ISlope<TSlope>
        {
            float* ws = Reals(w) + first, hats = Reals(dwHat) + first, dws = Reals(dw) + first;
            long i = 0;
            double total = scale == null || !attached ? 0 : drawn == null ? Sum(ws, hats, count) : SumOfDrawn(first, count);
            float share = (float)(total / count);
            for (; i + TSimd.Width <= count; i += TSimd.Width)
                Put<TSimd, TSlope>(ws + i, hats + i, factor, share, slope, dws + i, mode);
            for (; i < count; i++)
                Put<SimdScalar, TSlope>(ws + i, hats + i, factor, share, slope, dws + i, mode);
        }

        private static double Sum(float* ws, float* hats, long count)
        {
            double total = 0;
            for (long k = 0; k < count; k++)
                total += Bits.IsNegative(ws[k]) ? -hats[k] : hats[k];
            return total;
        }

        // Groups are filters or the layer, so they begin and end with a row of channels.
        private double SumOfDrawn(long first, long count)
        {
            int channels = w.Shape.Last, words = Bits.Words(channels);
            double total = 0;
            for (long row = first / channels; row < (first + count) / channels; row++)
            {
                uint* signs = drawn!.As<uint>() + row * words;
                float* hats = Reals(dwHat) + row * channels;
                for (int c = 0; c < channels; c++)
                    total += Bits.Sign(signs, c) * hats[c];
            }

            return total;
        }
    }
}
