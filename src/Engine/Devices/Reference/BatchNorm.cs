using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void BatchNormForward(Tensor x, bool rectify, Tensor? gamma, Tensor? beta, Tensor? shortcut, Tensor runningMean,
        Tensor runningVariance, in BatchNormSettings settings, Tensor mean, Tensor invStd, Tensor y, Tensor? scratch)
    {
        int channels = x.Shape.Last;
        long rows = x.Shape.Rows;
        for (int c = 0; c < channels; c++)
        {
            double sum = 0, squares = 0;
            for (long r = 0; r < rows; r++)
                sum += Rectified(x, rectify, r * channels + c);
            double m = sum / rows;
            for (long r = 0; r < rows; r++)
                squares += Math.Pow(Rectified(x, rectify, r * channels + c) - m, 2);
            Reals(mean)[c] = m;
            Reals(invStd)[c] = 1 / Math.Sqrt(squares / rows + settings.Epsilon);
            Track(runningMean, c, m, settings.Momentum);
            Track(runningVariance, c, squares / (rows - 1), settings.Momentum);
            Normalise(x, rectify, gamma, beta, shortcut, c, m, Reals(invStd)[c], y);
        }
    }

    public void BatchNormEvaluate(Tensor x, bool rectify, Tensor? gamma, Tensor? beta, Tensor? shortcut, Tensor runningMean,
        Tensor runningVariance, in BatchNormSettings settings, Tensor y)
    {
        for (int c = 0; c < x.Shape.Last; c++)
        {
            double invStd = 1 / Math.Sqrt(Reals(runningVariance)[c] + settings.Epsilon);
            Normalise(x, rectify, gamma, beta, shortcut, c, Reals(runningMean)[c], invStd, y);
        }
    }

    public void BatchNormBackward(Tensor dy, Tensor x, bool rectify, Tensor? gamma, Tensor mean, Tensor invStd, Tensor dgamma, Tensor dbeta,
        Tensor? dx, GradMode mode, Tensor? scratch)
    {
        int channels = x.Shape.Last;
        long rows = x.Shape.Rows;
        for (int c = 0; c < channels; c++)
        {
            double m = Reals(mean)[c], s = Reals(invStd)[c], sum = 0, dot = 0;
            for (long r = 0; r < rows; r++)
            {
                double g = Reals(dy)[r * channels + c];
                sum += g;
                dot += g * (Rectified(x, rectify, r * channels + c) - m) * s;
            }

            Reals(dbeta)[c] = sum;
            Reals(dgamma)[c] = dot;
            if (dx == null)
                continue;
            for (long r = 0; r < rows; r++)
            {
                long i = r * channels + c;
                double xhat = (Rectified(x, rectify, i) - m) * s;
                double dz = Gamma(gamma, c) * s * (Reals(dy)[i] - sum / rows - xhat * dot / rows);
                Put(Reals(dx), i, rectify && !(Reals(x)[i] > 0) ? 0 : dz, mode);
            }
        }
    }

    private static void Normalise(Tensor x, bool rectify, Tensor? gamma, Tensor? beta, Tensor? shortcut, int c, double mean,
        double invStd, Tensor y)
    {
        int channels = x.Shape.Last;
        for (long i = c; i < x.Shape.Count; i += channels)
        {
            double z = Gamma(gamma, c) * (Rectified(x, rectify, i) - mean) * invStd + (beta == null ? 0 : Reals(beta)[c]);
            Reals(y)[i] = shortcut == null ? z : z + Reals(shortcut)[i];
        }
    }

    private static void Track(Tensor running, int c, double value, double momentum) =>
        Reals(running)[c] = (1 - momentum) * Reals(running)[c] + momentum * value;

    private static double Gamma(Tensor? gamma, int c) => gamma == null ? 1 : Reals(gamma)[c];

    private static double Rectified(Tensor x, bool rectify, long i) => rectify ? Math.Max(Reals(x)[i], 0) : Reals(x)[i];
}
