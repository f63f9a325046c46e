using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void BopStep(Tensor w, Tensor dw, Tensor mean, Tensor knobs)
    {
        double kept = Reals(knobs)[0], gamma = Reals(knobs)[1], threshold = Reals(knobs)[2];
        for (long i = 0; i < w.Shape.Count; i++)
        {
            double m = Reals(mean)[i] = kept * Reals(mean)[i] + gamma * Reals(dw)[i];
            double sign = Reals(w)[i] < 0 ? -1 : 1;
            Reals(w)[i] = sign * m > threshold ? -sign : sign;
        }
    }
}
