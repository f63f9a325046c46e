using ReSTE.Native.Operations;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// Constants of a unit's batch norm over its rectified counts, [channels] each. The convolution is scale times the count, so that the
/// constants of the former take the scale in.
/// </summary>
internal readonly unsafe struct CountNorm(float* memory, int channels)
{
    private const int Rows = 4;

    /// <summary>Bytes for a number of channels.</summary>
    public static long Bytes(int channels) => Rows * sizeof(float) * (long)channels;

    /// <summary>What is subtracted from a rectified count: its mean, rounded.</summary>
    public float* Mean => memory;

    /// <summary>Multiplies the difference.</summary>
    public float* Factor => memory + channels;

    /// <summary>Is added then; backward, is taken from the gradient first.</summary>
    public float* Offset => memory + 2 * channels;

    /// <summary>Backward, multiplies the difference.</summary>
    public float* Slope => memory + 3 * channels;

    /// <summary>Of the batch, from the two sums of each channel; keeps its statistics and moves the running ones.</summary>
    public void SetStatistics(BinaryUnitArguments u, ChannelSums sums)
    {
        long rows = u.Geometry.Output.Rows;
        double scale = *u.Scale.As<float>(), epsilon = u.Settings.Epsilon;
        for (int c = 0; c < channels; c++)
        {
            var (sum, squares) = sums.Total(c);
            double mean = sum / rows, variance = scale * scale * Math.Max(0, squares / rows - mean * mean);
            double invStd = 1 / Math.Sqrt(variance + epsilon);
            u.Mean.As<float>()[c] = (float)(scale * mean);
            u.InvStd.As<float>()[c] = (float)invStd;
            Track(u.RunningMean.As<float>() + c, scale * mean, u.Settings.Momentum);
            Track(u.RunningVariance.As<float>() + c, variance * rows / (rows - 1), u.Settings.Momentum);
            Set(c, mean, Gamma(u, c) * invStd * scale, Beta(u, c));
        }
    }

    /// <summary>By the batch's statistics, as they were kept.</summary>
    public void SetKept(BinaryUnitArguments u)
    {
        double scale = *u.Scale.As<float>();
        for (int c = 0; c < channels; c++)
            Set(c, PerCount(u.Mean.As<float>()[c], scale), Gamma(u, c) * u.InvStd.As<float>()[c] * scale, Beta(u, c));
    }

    /// <summary>Of the gradient before batch norm, once those of gamma and beta are known.</summary>
    public void SetGradient(BinaryUnitArguments u)
    {
        long rows = u.Geometry.Output.Rows;
        double scale = *u.Scale.As<float>();
        for (int c = 0; c < channels; c++)
        {
            double mean = PerCount(u.Mean.As<float>()[c], scale), invStd = u.InvStd.As<float>()[c];
            double slope = scale * invStd * u.DGamma!.As<float>()[c] / rows;
            Mean[c] = (float)mean;
            // Where the scale is zero, so is the convolution, and the rectifier blocks everything.
            Factor[c] = scale == 0 ? 0 : (float)(Gamma(u, c) * invStd);
            Offset[c] = (float)(u.DBeta!.As<float>()[c] / (double)rows - (mean - Mean[c]) * slope);
            Slope[c] = (float)slope;
        }
    }

    /// <summary>
    /// Gradients of gamma and beta, from each channel's sums of dy and of dy times the rectified count less <see cref="Mean"/>.
    /// </summary>
    public void GiveGradients(BinaryUnitArguments u, ChannelSums sums)
    {
        double scale = *u.Scale.As<float>();
        for (int c = 0; c < channels; c++)
        {
            var (sum, dot) = sums.Total(c);
            double rest = PerCount(u.Mean.As<float>()[c], scale) - Mean[c];
            u.DBeta!.As<float>()[c] = (float)sum;
            u.DGamma!.As<float>()[c] = (float)(scale * (dot - rest * sum) * u.InvStd.As<float>()[c]);
        }
    }

    private void Set(int c, double mean, double factor, double offset) => new Affine(mean, factor, offset).Store(Mean, Factor, Offset, c);

    private static double PerCount(double mean, double scale) => scale == 0 ? 0 : mean / scale;

    private static double Gamma(BinaryUnitArguments u, int c) => u.Gamma == null ? 1 : u.Gamma.As<float>()[c];

    private static double Beta(BinaryUnitArguments u, int c) => u.Beta == null ? 0 : u.Beta.As<float>()[c];

    private static void Track(float* running, double value, double momentum) =>
        *running = (float)((1 - momentum) * *running + momentum * value);
}
