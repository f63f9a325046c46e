using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    public void BatchNormForward(Tensor x, bool rectify, Tensor? gamma, Tensor? beta, Tensor? shortcut, Tensor runningMean,
        Tensor runningVariance, in BatchNormSettings settings, Tensor mean, Tensor invStd, Tensor y, Tensor? scratch)
    {
        Slices slices = SliceRows(x.Shape);
        ChannelMemory memory = MemoryOf(x, scratch!);
        BatchNormSumsJob sums = SumsJob(slices, x, rectify, dy: null, mean: null, memory);
        threads.Run(ref sums, slices.Count);
        SetStatistics(memory, x.Shape, gamma, beta, runningMean, runningVariance, settings, mean, invStd);
        BatchNormNormaliseJob<TSimd> job = NormaliseJob(slices, x, rectify, shortcut, y, memory);
        threads.Run(ref job, slices.Count);
    }

    public void BatchNormEvaluate(Tensor x, bool rectify, Tensor? gamma, Tensor? beta, Tensor? shortcut, Tensor runningMean,
        Tensor runningVariance, in BatchNormSettings settings, Tensor y)
    {
        Slices slices = SliceRows(x.Shape);
        var job = new BatchNormEvaluateJob<TSimd>
        {
            Normalise = NormaliseJob(slices, x, rectify, shortcut, y, default),
            Constants = RunningConstants(gamma, beta, runningMean, runningVariance, settings),
        };
        threads.Run(ref job, slices.Count);
    }

    public void BatchNormBackward(Tensor dy, Tensor x, bool rectify, Tensor? gamma, Tensor mean, Tensor invStd, Tensor dgamma, Tensor dbeta,
        Tensor? dx, GradMode mode, Tensor? scratch)
    {
        Slices slices = SliceRows(x.Shape);
        ChannelMemory memory = MemoryOf(x, scratch!);
        BatchNormSumsJob sums = SumsJob(slices, x, rectify, dy, mean, memory);
        threads.Run(ref sums, slices.Count);
        SetGradientConstants(memory, x.Shape, gamma, mean, invStd, dgamma, dbeta);
        if (dx == null)
            return;
        BatchNormGradientJob<TSimd> job = GradientJob(slices, dy, x, rectify, Reals(dx), mode, memory);
        threads.Run(ref job, slices.Count);
    }

    private static ChannelMemory MemoryOf(Tensor x, Tensor scratch) => new(scratch.As<byte>(), SliceRows(x.Shape).Count, x.Shape.Last);

    /// <summary>The two sums of each channel: the backward ones where there is a gradient, else the forward ones.</summary>
    protected static BatchNormSumsJob SumsJob(Slices slices, Tensor x, bool rectify, Tensor? dy, Tensor? mean, ChannelMemory at) => new()
    {
        Slices = slices,
        Channels = x.Shape.Last,
        X = Reals(x),
        Dy = RealsOrNull(dy),
        Mean = RealsOrNull(mean),
        Rectify = rectify,
        Sums = at.Sums,
    };

    protected static BatchNormNormaliseJob<TSimd> NormaliseJob(Slices slices, Tensor x, bool rectify, Tensor? shortcut, Tensor y,
        ChannelMemory at) => new()
        {
            Slices = slices,
            Channels = x.Shape.Last,
            X = Reals(x),
            Shortcut = RealsOrNull(shortcut),
            Mean = at.Constants(0),
            Factor = at.Constants(1),
            Offset = at.Constants(2),
            Rectify = rectify,
            Y = Reals(y),
        };

    protected static BatchNormGradientJob<TSimd> GradientJob(Slices slices, Tensor dy, Tensor x, bool rectify, float* dx, GradMode mode,
        ChannelMemory memory) => new()
        {
            Slices = slices,
            Channels = x.Shape.Last,
            Dy = Reals(dy),
            X = Reals(x),
            Mean = memory.Constants(0),
            Factor = memory.Constants(1),
            Offset = memory.Constants(2),
            Slope = memory.Constants(3),
            Rectify = rectify,
            Dx = dx,
            Mode = mode,
        };

    /// <summary>
    /// From the two sums of each channel: the batch's statistics, the running ones, and the constants of the normalisation.
    /// </summary>
    protected static void SetStatistics(ChannelMemory memory, Shape x, Tensor? gamma, Tensor? beta, Tensor runningMean,
        Tensor runningVariance, in BatchNormSettings settings, Tensor mean, Tensor invStd)
    {
        long rows = x.Rows;
        for (int c = 0; c < x.Last; c++)
        {
            var (sum, squares) = memory.Total(c);
            double m = sum / rows, variance = Math.Max(0, squares / rows - m * m);
            Reals(mean)[c] = (float)m;
            Reals(invStd)[c] = (float)(1 / Math.Sqrt(variance + settings.Epsilon));
            Track(runningMean, c, m, settings.Momentum);
            Track(runningVariance, c, variance * rows / (rows - 1), settings.Momentum);
            double factor = Gamma(gamma, c) / Math.Sqrt(variance + settings.Epsilon);
            var affine = new Affine(m, factor, beta == null ? 0 : Reals(beta)[c]);
            affine.Store(memory.Constants(0), memory.Constants(1), memory.Constants(2), c);
        }
    }

    /// <summary>From the two sums of each channel: the gradients of gamma and beta, and the constants of the input's gradient.</summary>
    protected static void SetGradientConstants(ChannelMemory memory, Shape x, Tensor? gamma, Tensor mean, Tensor invStd, Tensor dgamma,
        Tensor dbeta)
    {
        long rows = x.Rows;
        for (int c = 0; c < x.Last; c++)
        {
            var (sum, dot) = memory.Total(c);
            double s = Reals(invStd)[c];
            Reals(dbeta)[c] = (float)sum;
            Reals(dgamma)[c] = (float)(dot * s);
            memory.Constants(0)[c] = Reals(mean)[c];
            memory.Constants(1)[c] = (float)(Gamma(gamma, c) * s);
            memory.Constants(2)[c] = (float)(sum / rows);
            memory.Constants(3)[c] = (float)(dot * s * s / rows);
        }
    }

    protected static RunningConstants RunningConstants(Tensor? gamma, Tensor? beta, Tensor runningMean, Tensor runningVariance,
        in BatchNormSettings settings) => new()
        {
            Gamma = RealsOrNull(gamma),
            Beta = RealsOrNull(beta),
            Mean = Reals(runningMean),
            Variance = Reals(runningVariance),
            Epsilon = settings.Epsilon,
        };

    private static double Gamma(Tensor? gamma, int c) => gamma == null ? 1 : Reals(gamma)[c];

    private static void Track(Tensor running, int c, double value, double momentum) =>
        Reals(running)[c] = (float)((1 - momentum) * Reals(running)[c] + momentum * value);
}
