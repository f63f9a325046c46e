using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void Clamp(Tensor x, float bound)
    {
        for (long i = 0; i < x.Shape.Count; i++)
            Reals(x)[i] = Math.Clamp(Reals(x)[i], -bound, bound);
    }
}
