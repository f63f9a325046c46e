using ReSTE.Native.Kernels;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal sealed unsafe partial class CpuKernels<TSimd>
{
    public void BatchNormForward(Tensor x, bool rectify, Tensor gamma, Tensor beta, Tensor? shortcut, Tensor runningMean, Tensor runningVariance,
        Tensor mean, Tensor invStd, Tensor y)
    {
        int channels = Channels(x);
        long rows = x.Shape.Rows;
        var slices = new Slices(rows, ChannelBuffer.MaximalSlices);
        var job = new BatchNormSumsJob { Slices = slices, Channels = channels, X = Reals(x), Dy = null, Mean = null, Rectify = rectify, Sums = _channels.Sums };
        threads.Run(ref job, slices.Count);
        for (int c = 0; c < channels; c++)
        {
            var (sum, squares) = _channels.Total(slices.Count, channels, c);
            double m = sum / rows, variance = Math.Max(0, squares / rows - m * m);
            Reals(mean)[c] = (float)m;
            Reals(invStd)[c] = (float)(1 / Math.Sqrt(variance + BatchNormConstants.Epsilon));
            Track(runningMean, c, m);
            Track(runningVariance, c, variance * rows / (rows - 1));
            SetAffine(c, m, Reals(gamma)[c] / Math.Sqrt(variance + BatchNormConstants.Epsilon), Reals(beta)[c]);
        }

        Normalise(x, rectify, shortcut, y);
    }

    public void BatchNormEvaluate(Tensor x, bool rectify, Tensor gamma, Tensor beta, Tensor? shortcut, Tensor runningMean, Tensor runningVariance, Tensor y)
    {
        for (int c = 0; c < Channels(x); c++)
        {
            double invStd = 1 / Math.Sqrt(Reals(runningVariance)[c] + BatchNormConstants.Epsilon);
            SetAffine(c, Reals(runningMean)[c], Reals(gamma)[c] * invStd, Reals(beta)[c]);
        }

        Normalise(x, rectify, shortcut, y);
    }

    public void BatchNormBackward(Tensor dy, Tensor x, bool rectify, Tensor gamma, Tensor mean, Tensor invStd, Tensor dgamma, Tensor dbeta,
        Tensor dx, GradMode mode)
    {
        int channels = Channels(x);
        long rows = x.Shape.Rows;
        var slices = new Slices(rows, ChannelBuffer.MaximalSlices);
        var sums = new BatchNormSumsJob
        {
            Slices = slices,
            Channels = channels,
            X = Reals(x),
            Dy = Reals(dy),
            Mean = Reals(mean),
            Rectify = rectify,
            Sums = _channels.Sums,
        };
        threads.Run(ref sums, slices.Count);
        for (int c = 0; c < channels; c++)
        {
            var (sum, dot) = _channels.Total(slices.Count, channels, c);
            double s = Reals(invStd)[c];
            Reals(dbeta)[c] = (float)sum;
            Reals(dgamma)[c] = (float)(dot * s);
            _channels.Constants(0)[c] = Reals(mean)[c];
            _channels.Constants(1)[c] = (float)(Reals(gamma)[c] * s);
            _channels.Constants(2)[c] = (float)(sum / rows);
            _channels.Constants(3)[c] = (float)(dot * s * s / rows);
        }

        var job = new BatchNormGradientJob<TSimd>
        {
            Slices = slices,
            Channels = channels,
            Dy = Reals(dy),
            X = Reals(x),
            Mean = _channels.Constants(0),
            Factor = _channels.Constants(1),
            Offset = _channels.Constants(2),
            Slope = _channels.Constants(3),
            Rectify = rectify,
            Dx = Reals(dx),
            Mode = mode,
        };
        threads.Run(ref job, slices.Count);
    }

    private static int Channels(Tensor x) => x.Shape.Last <= ChannelBuffer.MaximalChannels
        ? x.Shape.Last
        : throw new NotSupportedException($"{x}: batch norm on the CPU takes at most {ChannelBuffer.MaximalChannels} channels");

    private static void Track(Tensor running, int c, double value) =>
        Reals(running)[c] = (float)((1 - BatchNormConstants.Momentum) * Reals(running)[c] + BatchNormConstants.Momentum * value);

    private void SetAffine(int c, double mean, double factor, double offset)
    {
        _channels.Constants(0)[c] = (float)mean;
        _channels.Constants(1)[c] = (float)factor;
        _channels.Constants(2)[c] = (float)offset;
    }

    private void Normalise(Tensor x, bool rectify, Tensor? shortcut, Tensor y)
    {
        var slices = new Slices(x.Shape.Rows, ChannelBuffer.MaximalSlices);
        var job = new BatchNormNormaliseJob<TSimd>
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
        threads.Run(ref job, slices.Count);
    }
}
