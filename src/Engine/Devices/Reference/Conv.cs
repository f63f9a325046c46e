using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void ConvForward(Tensor x, Tensor w, in ConvGeometry g, Tensor y, Tensor? scratch) =>
        Correlate(Reals(x), Reals(w), 1, g, Reals(y));

    public void ConvInputGrad(Tensor dy, Tensor w, in ConvGeometry g, Tensor dx, GradMode mode, Tensor? scratch)
    {
        double[] sum = Transpose(Reals(dy), Reals(w), g);
        for (int i = 0; i < sum.Length; i++)
            Put(Reals(dx), i, sum[i], mode);
    }

    public void ConvWeightGrad(Tensor dy, Tensor x, in ConvGeometry g, Tensor dw, GradMode mode, Tensor? scratch)
    {
        double[] sum = Outer(Reals(dy), Reals(x), g);
        for (int i = 0; i < sum.Length; i++)
            Put(Reals(dw), i, sum[i], mode);
    }
}
