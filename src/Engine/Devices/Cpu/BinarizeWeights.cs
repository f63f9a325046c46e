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

    public void MeanMagnitude(Tensor w, Tensor scale)
    {
        Slices slices = WeightSlices(w, scale);
        double* sums = stackalloc double[slices.Count];
        var job = new MagnitudeJob { Slices = slices, W = Reals(w), Sums = sums };
        threads.Run(ref job, slices.Count);
        for (int group = 0; group < scale.Shape.Count; group++)
            Reals(scale)[group] = (float)(GroupTotal(slices, scale.Shape.Count, sums, group) * scale.Shape.Count / w.Shape.Count);
    }

    /// <summary>A layer is cut into slices where all of it has one scale; else a filter is one.</summary>
    private static Slices WeightSlices(Tensor w, Tensor? scale) => scale is { Shape.Count: > 1 and var groups }
        ? new Slices(groups, (int)groups, w.Shape.Count / groups)
        : new Slices(w.Shape.Count, RowSlices);

    private static double GroupTotal(Slices slices, long groups, double* sums, int group)
    {
        if (groups > 1)
            return sums[group];
        double total = 0;
        for (int s = 0; s < slices.Count; s++)
            total += sums[s];
        return total;
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
        var job = new WeightBackward(threads, w, dwHat, scale, attached, dw, mode, drawn);
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

    /// <summary>The sum of a slice's magnitudes.</summary>
    private readonly struct MagnitudeJob : IParallelJob
    {
        public required Slices Slices { get; init; }

        public required float* W { get; init; }

        public required double* Sums { get; init; }

        public void Run(int part, int worker)
        {
            long first = Slices.Start(part);
            Sums[part] = DoubleSums.Magnitudes(W + first, Slices.Start(part + 1) - first);
        }
    }

    /// <summary>The sum of a slice's gradients, each with the sign of its weight.</summary>
    private readonly struct SignedSumJob : IParallelJob
    {
        public required Slices Slices { get; init; }

        public required float* W { get; init; }

        public required float* Hats { get; init; }

        /// <summary>Signs that were drawn, a row of channels after another; null for those of the weights.</summary>
        public required uint* Drawn { get; init; }

        public required int Channels { get; init; }

        public required double* Sums { get; init; }

        public void Run(int part, int worker)
        {
            long first = Slices.Start(part), end = Slices.Start(part + 1);
            Sums[part] = Drawn == null ? DoubleSums.Signed(Hats + first, W + first, end - first) : SumDrawn(first, end);
        }

        private double SumDrawn(long first, long end)
        {
            int words = Bits.Words(Channels);
            double total = 0;
            for (long i = first; i < end; i++)
                total += Bits.Sign(Drawn + i / Channels * words, (int)(i % Channels)) * Hats[i];
            return total;
        }
    }

    /// <summary>The gradients of a slice's latent weights.</summary>
    private readonly struct LatentJob<TSlope> : IParallelJob where TSlope : unmanaged, ISlope<TSlope>
    {
        public required Slices Slices { get; init; }

        public required float* W { get; init; }

        public required float* Hats { get; init; }

        public required float* Dw { get; init; }

        public required GradMode Mode { get; init; }

        public required TSlope Slope { get; init; }

        /// <summary>One a layer, or one a slice; null for 1.</summary>
        public required float* Factors { get; init; }

        /// <summary>What the scale's gradient adds to each weight's, times its sign; as many as there are scales.</summary>
        public required float* Shares { get; init; }

        public required bool HasGroups { get; init; }

        public void Run(int part, int worker)
        {
            int group = HasGroups ? part : 0;
            float factor = Factors == null ? 1 : Factors[group], share = Shares[group];
            long i = Slices.Start(part), end = Slices.Start(part + 1);
            for (; i + TSimd.Width <= end; i += TSimd.Width)
                Put<TSimd, TSlope>(W + i, Hats + i, factor, share, Slope, Dw + i, Mode);
            for (; i < end; i++)
                Put<SimdScalar, TSlope>(W + i, Hats + i, factor, share, Slope, Dw + i, Mode);
        }
    }

    /// <summary>The gradient of the latent weights, for any slope.</summary>
    private readonly struct WeightBackward(CpuThreads threads, Tensor w, Tensor dwHat, Tensor? scale, bool attached, Tensor dw,
        GradMode mode, Tensor? drawn) : ISlopeKernel
    {
        public void Run<TSlope>(TSlope slope) where TSlope : unmanaged, ISlope<TSlope>
        {
            Slices slices = WeightSlices(w, scale);
            long groups = scale?.Shape.Count ?? 1;
            float* shares = stackalloc float[(int)groups];
            SetShares(slices, groups, shares);
            var job = new LatentJob<TSlope>
            {
                Slices = slices,
                W = Reals(w),
                Hats = Reals(dwHat),
                Dw = Reals(dw),
                Mode = mode,
                Slope = slope,
                Factors = scale == null ? null : Reals(scale),
                Shares = shares,
                HasGroups = groups > 1,
            };
            threads.Run(ref job, slices.Count);
        }

        private void SetShares(Slices slices, long groups, float* shares)
        {
            new Span<float>(shares, (int)groups).Clear();
            if (scale == null || !attached)
                return;
            double* sums = stackalloc double[slices.Count];
            var job = new SignedSumJob
            {
                Slices = slices,
                W = Reals(w),
                Hats = Reals(dwHat),
                Drawn = drawn == null ? null : drawn.As<uint>(),
                Channels = w.Shape.Last,
                Sums = sums,
            };
            threads.Run(ref job, slices.Count);
            for (int group = 0; group < groups; group++)
                shares[group] = (float)(GroupTotal(slices, groups, sums, group) * groups / w.Shape.Count);
        }
    }
}
