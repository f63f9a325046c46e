using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    // Ten classes a row: one thread, in double, costs less than a tenth of a millisecond a step.
    public void SoftmaxCrossEntropy(Tensor logits, Tensor labels, Tensor? dlogits, Tensor loss, Tensor metrics)
    {
        int rows = logits.Shape[0], classes = logits.Shape[1];
        double total = 0, top1 = 0, top5 = 0;
        for (int n = 0; n < rows; n++)
        {
            float* z = Reals(logits) + (long)n * classes;
            int label = labels.As<int>()[n], rank = 0;
            float largest = float.NegativeInfinity;
            for (int k = 0; k < classes; k++)
            {
                largest = Math.Max(largest, z[k]);
                rank += z[k] > z[label] || (z[k] == z[label] && k < label) ? 1 : 0;
            }

            double sum = 0;
            for (int k = 0; k < classes; k++)
                sum += Math.Exp((double)z[k] - largest);
            total += Math.Log(sum) + largest - z[label];
            top1 += rank < 1 && !double.IsNaN(sum) ? 1 : 0; // no logit ranks above a NaN
            top5 += rank < 5 && !double.IsNaN(sum) ? 1 : 0;
            for (int k = 0; dlogits != null && k < classes; k++)
                Reals(dlogits)[(long)n * classes + k] = (float)((Math.Exp((double)z[k] - largest) / sum - (k == label ? 1 : 0)) / rows);
        }

        *loss.As<double>() = total / rows;
        double* m = metrics.As<double>();
        m[0] += total;
        m[1] += top1;
        m[2] += top5;
    }
}
