using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    private const double LeastGradientNorm = 1e-6, LeastWeightNorm = 1e-3;

    public void SilentWeights(Tensor w, Tensor dw, Tensor tracker, Tensor previous, Tensor knobs)
    {
        long size = w.Shape.Count / w.Shape[0];
        double delta = Reals(knobs)[0], decay = Reals(knobs)[1], kept = Reals(knobs)[2], added = Reals(knobs)[3],
            threshold = Reals(knobs)[4];
        double Norm(Tensor t, long first)
        {
            double squares = 0;
            for (long i = first; i < first + size; i++)
                squares += Reals(t)[i] * Reals(t)[i];
            return Math.Sqrt(squares);
        }

        for (long first = 0; first < w.Shape.Count; first += size)
        {
            double gradient = Math.Max(Norm(dw, first), LeastGradientNorm), weights = Math.Max(Norm(w, first), LeastWeightNorm);
            double factor = gradient / weights < delta ? delta * weights / gradient : 1;
            for (long i = first; i < first + size; i++)
            {
                double now = Reals(w)[i], before = Reals(previous)[i];
                double flip = before != 0 && Sign(now) != Sign(before) ? 1 : 0;
                Reals(tracker)[i] = kept * Reals(tracker)[i] + added * flip;
                double extra = Reals(tracker)[i] < threshold ? decay * now : 0;
                Reals(dw)[i] = factor * Reals(dw)[i] + extra;
                Reals(previous)[i] = now;
            }
        }
    }
}
