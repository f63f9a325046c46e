using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void Add(Tensor a, Tensor b, Tensor y)
    {
        for (long i = 0; i < y.Shape.Count; i++)
            Reals(y)[i] = Reals(a)[i] + Reals(b)[i];
    }

    public void Accumulate(Tensor dy, Tensor dx, GradMode mode)
    {
        for (long i = 0; i < dy.Shape.Count; i++)
            Put(Reals(dx), i, Reals(dy)[i], mode);
    }
}
