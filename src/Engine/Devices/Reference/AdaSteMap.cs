using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void AdaSteMap(Tensor theta, Tensor w, Tensor knobs)
    {
        double lift = Reals(knobs)[0], divisor = Reals(knobs)[1];
        for (long i = 0; i < theta.Shape.Count; i++)
        {
            double t = Reals(theta)[i];
            Reals(w)[i] = Math.Clamp((t + (t > 0 ? lift : t < 0 ? -lift : 0)) / divisor, -1, 1);
        }
    }
}
