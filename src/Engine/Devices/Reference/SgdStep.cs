using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void SgdStep(Tensor w, Tensor dw, Tensor momentum, Tensor knobs)
    {
        double* k = Reals(knobs);
        for (long i = 0; i < w.Shape.Count; i++)
        {
            double g = Reals(dw)[i] + k[Knobs.WeightDecaySlot] * Reals(w)[i];
            Reals(momentum)[i] = k[Knobs.MomentumSlot] * Reals(momentum)[i] + g;
            Reals(w)[i] -= k[Knobs.LearningRateSlot] * Reals(momentum)[i];
        }
    }
}
