using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void Relu(Tensor x, Tensor y)
    {
        for (long i = 0; i < x.Shape.Count; i++)
            Reals(y)[i] = Math.Max(Reals(x)[i], 0);
    }

    public void ReluBackward(Tensor dy, Tensor y, Tensor dx, GradMode mode)
    {
        for (long i = 0; i < y.Shape.Count; i++)
            Put(Reals(dx), i, Reals(y)[i] > 0 ? Reals(dy)[i] : 0, mode);
    }
}
