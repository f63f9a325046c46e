using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void SgdStep(Tensor w, Tensor dw, Tensor momentum, Tensor knobs)
    {
        double rate = Reals(knobs)[0], mu = Reals(knobs)[1], decay = Reals(knobs)[2];
        for (long i = 0; i < w.Shape.Count; i++)
        {
            double g = Reals(dw)[i] + decay * Reals(w)[i];
            Reals(momentum)[i] = mu * Reals(momentum)[i] + g;
            Reals(w)[i] -= rate * Reals(momentum)[i];
        }
    }
}
