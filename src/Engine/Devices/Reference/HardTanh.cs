using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void HardTanh(Tensor x, Tensor y)
    {
        for (long i = 0; i < x.Shape.Count; i++)
            Reals(y)[i] = Math.Clamp(Reals(x)[i], -1, 1);
    }

    public void HardTanhBackward(Tensor dy, Tensor x, Tensor dx, GradMode mode)
    {
        for (long i = 0; i < x.Shape.Count; i++)
            Put(Reals(dx), i, Math.Abs(Reals(x)[i]) < 1 ? Reals(dy)[i] : 0, mode);
    }
}
