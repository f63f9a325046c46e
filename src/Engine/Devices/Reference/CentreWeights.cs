using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void CentreWeights(Tensor w, Tensor y)
    {
        int inputs = w.Shape.Last;
        for (long tap = 0; tap < w.Shape.Count; tap += inputs)
        {
            double sum = 0;
            for (long i = tap; i < tap + inputs; i++)
                sum += Reals(w)[i];
            for (long i = tap; i < tap + inputs; i++)
                Reals(y)[i] = Math.Clamp(Reals(w)[i] - sum / inputs, -1, 1);
        }
    }
}
