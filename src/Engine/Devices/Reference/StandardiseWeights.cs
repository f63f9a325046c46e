using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void StandardiseWeights(Tensor w, double epsilon, Tensor statistics, Tensor y)
    {
        int filters = w.Shape[0];
        long size = w.Shape.Count / filters;
        for (int o = 0; o < filters; o++)
        {
            double* from = Reals(w) + o * size;
            var (mean, deviation) = MeanAndDeviation(from, size, epsilon);
            Reals(statistics)[o] = mean;
            Reals(statistics)[filters + o] = deviation;
            for (long i = 0; i < size; i++)
                Reals(y)[o * size + i] = (from[i] - mean) / deviation;
        }
    }

    public void StandardiseWeightsBackward(Tensor dy, Tensor w, Tensor statistics, Tensor dw, GradMode mode)
    {
        int filters = w.Shape[0];
        long size = w.Shape.Count / filters;
        for (int o = 0; o < filters; o++)
        {
            double mean = Reals(statistics)[o], deviation = Reals(statistics)[filters + o], sum = 0, dot = 0;
            double Standard(long i) => (Reals(w)[i] - mean) / deviation;
            for (long i = o * size; i < (o + 1) * size; i++)
            {
                sum += Reals(dy)[i];
                dot += Reals(dy)[i] * Standard(i);
            }

            for (long i = o * size; i < (o + 1) * size; i++)
                Put(Reals(dw), i, (Reals(dy)[i] - sum / size - Standard(i) * dot / (size - 1)) / deviation, mode);
        }
    }
}
