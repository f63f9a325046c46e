using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd>
{
    public void BatchNormForward(Tensor x, bool rectify, Tensor? gamma, Tensor? beta, Tensor? shortcut, Tensor runningMean, Tensor runningVariance,
        in BatchNormSettings settings, Tensor mean, Tensor invStd, Tensor y, Tensor? scratch)
    {
        int channels = ReservedChannels(x);
        long rows = x.Shape.Rows;
        var slices = new Slices(rows, ChannelBuffer.MaximalSlices);
        BatchNormSumsJob job = SumsJob(slices, x, rectify, dy: null, mean: null);
        threads.Run(ref job, slices.Count);
        SetStatistics(slices.Count, channels, rows, gamma, beta, runningMean, runningVariance, settings, mean, invStd);
        Normalise(x, rectify, shortcut, y);
    }

    public void BatchNormEvaluate(Tensor x, bool rectify, Tensor? gamma, Tensor? beta, Tensor? shortcut, Tensor runningMean, Tensor runningVariance,
        in BatchNormSettings settings, Tensor y)
    {
        SetRunning(x.Shape.Last, gamma, beta, runningMean, runningVariance, settings);
        Normalise(x, rectify, shortcut, y);
    }

    public void BatchNormBackward(Tensor dy, Tensor x, bool rectify, Tensor? gamma, Tensor mean, Tensor invStd, Tensor dgamma, Tensor dbeta,
        Tensor? dx, GradMode mode, Tensor? scratch)
    {
        int channels = ReservedChannels(x);
        long rows = x.Shape.Rows;
        var slices = new Slices(rows, ChannelBuffer.MaximalSlices);
        BatchNormSumsJob sums = SumsJob(slices, x, rectify, dy, mean);
        threads.Run(ref sums, slices.Count);
        SetGradientConstants(slices.Count, channels, rows, gamma, mean, invStd, dgamma, dbeta);
        if (dx == null)
            return;
        BatchNormGradientJob<TSimd> job = GradientJob(slices, dy, x, rectify, Reals(dx), mode);
        threads.Run(ref job, slices.Count);
    }

    protected BatchNormGradientJob<TSimd> GradientJob(Slices slices, Tensor dy, Tensor x, bool rectify, float* dx, GradMode mode) => new()
    {
        Slices = slices,
        Channels = x.Shape.Last,
        Dy = Reals(dy),
        X = Reals(x),
        Mean = _channels.Constants(0),
        Factor = _channels.Constants(1),
        Offset = _channels.Constants(2),
        Slope = _channels.Constants(3),
        Rectify = rectify,
        Dx = dx,
        Mode = mode,
    };

    /// <summary>From the two sums of each channel: the batch's statistics, the running ones, and the constants of the normalisation.</summary>
    protected void SetStatistics(int slices, int channels, long rows, Tensor? gamma, Tensor? beta, Tensor runningMean, Tensor runningVariance,
        in BatchNormSettings settings, Tensor mean, Tensor invStd)
    {
        for (int c = 0; c < channels; c++)
        {
            var (sum, squares) = _channels.Total(slices, channels, c);
            double m = sum / rows, variance = Math.Max(0, squares / rows - m * m);
            Reals(mean)[c] = (float)m;
            Reals(invStd)[c] = (float)(1 / Math.Sqrt(variance + settings.Epsilon));
            Track(runningMean, c, m, settings.Momentum);
            Track(runningVariance, c, variance * rows / (rows - 1), settings.Momentum);
            SetAffine(c, m, Gamma(gamma, c) / Math.Sqrt(variance + settings.Epsilon), beta == null ? 0 : Reals(beta)[c]);
        }
    }

    /// <summary>From the running statistics: the constants of the normalisation.</summary>
    protected void SetRunning(int channels, Tensor? gamma, Tensor? beta, Tensor runningMean, Tensor runningVariance,
        in BatchNormSettings settings)
    {
        _channels.Reserve(channels);
        for (int c = 0; c < channels; c++)
        {
            double invStd = 1 / Math.Sqrt(Reals(runningVariance)[c] + settings.Epsilon);
            SetAffine(c, Reals(runningMean)[c], Gamma(gamma, c) * invStd, beta == null ? 0 : Reals(beta)[c]);
        }
    }

    /// <summary>From the two sums of each channel: the gradients of gamma and beta, and the constants of the input's gradient.</summary>
    protected void SetGradientConstants(int slices, int channels, long rows, Tensor? gamma, Tensor mean, Tensor invStd, Tensor dgamma, Tensor dbeta)
    {
        for (int c = 0; c < channels; c++)
        {
            var (sum, dot) = _channels.Total(slices, channels, c);
            double s = Reals(invStd)[c];
            Reals(dbeta)[c] = (float)sum;
            Reals(dgamma)[c] = (float)(dot * s);
            _channels.Constants(0)[c] = Reals(mean)[c];
            _channels.Constants(1)[c] = (float)(Gamma(gamma, c) * s);
            _channels.Constants(2)[c] = (float)(sum / rows);
            _channels.Constants(3)[c] = (float)(dot * s * s / rows);
        }
    }

    private int ReservedChannels(Tensor x)
    {
        _channels.Reserve(x.Shape.Last);
        return x.Shape.Last;
    }

    private static double Gamma(Tensor? gamma, int c) => gamma == null ? 1 : Reals(gamma)[c];

    private static void Track(Tensor running, int c, double value, double momentum) =>
        Reals(running)[c] = (float)((1 - momentum) * Reals(running)[c] + momentum * value);

    // What rounding takes from the mean goes into the offset: behind a mean of many deviations it would be the largest error.
    private void SetAffine(int c, double mean, double factor, double offset)
    {
        float rounded = (float)mean;
        _channels.Constants(0)[c] = rounded;
        _channels.Constants(1)[c] = (float)factor;
        _channels.Constants(2)[c] = (float)(offset - (mean - rounded) * factor);
    }

    private void Normalise(Tensor x, bool rectify, Tensor? shortcut, Tensor y)
    {
        var slices = new Slices(x.Shape.Rows, ChannelBuffer.MaximalSlices);
        BatchNormNormaliseJob<TSimd> job = NormaliseJob(slices, x, rectify, shortcut, y);
        threads.Run(ref job, slices.Count);
    }

    /// <summary>The two sums of each channel: of the way back where there is a gradient, else of the way there.</summary>
    protected BatchNormSumsJob SumsJob(Slices slices, Tensor x, bool rectify, Tensor? dy, Tensor? mean) => new()
    {
        Slices = slices,
        Channels = x.Shape.Last,
        X = Reals(x),
        Dy = dy == null ? null : Reals(dy),
        Mean = mean == null ? null : Reals(mean),
        Rectify = rectify,
        Sums = _channels.Sums,
    };

    protected BatchNormNormaliseJob<TSimd> NormaliseJob(Slices slices, Tensor x, bool rectify, Tensor? shortcut, Tensor y) => new()
    {
        Slices = slices,
        Channels = x.Shape.Last,
        X = Reals(x),
        Shortcut = shortcut == null ? null : Reals(shortcut),
        Mean = _channels.Constants(0),
        Factor = _channels.Constants(1),
        Offset = _channels.Constants(2),
        Rectify = rectify,
        Y = Reals(y),
    };
}
