using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    private const double DeviationEpsilon = 1e-5;

    public void ImageDeviation(Tensor x, Tensor statistics, Tensor y)
    {
        int images = x.Shape[0];
        long size = x.Shape.Count / images;
        for (int n = 0; n < images; n++)
        {
            double* from = Reals(x) + n * size;
            var (mean, deviation) = MeanAndDeviation(from, size, DeviationEpsilon);
            Reals(statistics)[n] = mean;
            Reals(statistics)[images + n] = deviation;
            for (long i = 0; i < size; i++)
                Reals(y)[n * size + i] = from[i] / deviation;
        }
    }

    /// <summary>Mean and sqrt(variance + epsilon) of values in a row, the variance without bias.</summary>
    private static (double Mean, double Deviation) MeanAndDeviation(double* values, long size, double epsilon)
    {
        double sum = 0, squares = 0;
        for (long i = 0; i < size; i++)
            sum += values[i];
        double mean = sum / size;
        for (long i = 0; i < size; i++)
            squares += Math.Pow(values[i] - mean, 2);
        return (mean, Math.Sqrt(squares / (size - 1) + epsilon));
    }

    public void ImageDeviationBackward(Tensor dy, Tensor x, Tensor statistics, bool attached, Tensor dx, GradMode mode)
    {
        int images = x.Shape[0];
        long size = x.Shape.Count / images;
        for (int n = 0; n < images; n++)
        {
            double mean = Reals(statistics)[n], deviation = Reals(statistics)[images + n], dot = 0;
            for (long i = n * size; attached && i < (n + 1) * size; i++)
                dot += Reals(dy)[i] * Reals(x)[i];
            double share = dot / ((size - 1) * Math.Pow(deviation, 3));
            for (long i = n * size; i < (n + 1) * size; i++)
                Put(Reals(dx), i, Reals(dy)[i] / deviation - (Reals(x)[i] - mean) * share, mode);
        }
    }
}
