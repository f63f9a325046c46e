using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void SignUnpack(Tensor bits, Tensor y)
    {
        double[] signs = Unpack(bits, y.Shape.Last);
        for (int i = 0; i < signs.Length; i++)
            Reals(y)[i] = signs[i];
    }

    public void SignUnpackBackward(Tensor dy, Tensor x, SlopeKind slope, Tensor slopeParameters, Tensor dx, GradMode mode)
    {
        Func<double, double> h = Slope(slope, slopeParameters);
        for (long i = 0; i < x.Shape.Count; i++)
            Put(Reals(dx), i, h(Reals(x)[i]) * Reals(dy)[i], mode);
    }
}
