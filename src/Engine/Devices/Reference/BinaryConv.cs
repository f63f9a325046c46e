using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    // Sums of ±1 are exact in double, so the float convolution of the unpacked signs is the integer count.
    public void BinaryConvForward(Tensor xBits, Tensor wBits, Tensor? scale, in ConvGeometry g, Tensor y, Tensor? scratch)
    {
        fixed (double* x = Unpack(xBits, g.I), w = Unpack(wBits, g.I))
            Correlate(x, w, Factor(scale), g, Reals(y));
    }

    public void BinaryConvInputGrad(Tensor dy, Tensor wBits, Tensor? scale, Tensor x, SlopeKind slope, Tensor slopeParameters,
        in ConvGeometry g, Tensor dx, GradMode mode, Tensor? scratch)
    {
        Func<double, double> h = Slope(slope, slopeParameters);
        double factor = Factor(scale);
        fixed (double* w = Unpack(wBits, g.I))
        {
            double[] sum = Transpose(Reals(dy), w, g);
            for (int i = 0; i < sum.Length; i++)
                Put(Reals(dx), i, h(Reals(x)[i]) * factor * sum[i], mode);
        }
    }

    public void BinaryConvWeightGrad(Tensor dy, Tensor xBits, in ConvGeometry g, Tensor dw, Tensor? scratch)
    {
        fixed (double* x = Unpack(xBits, g.I))
            Outer(Reals(dy), x, g).CopyTo(new Span<double>(Reals(dw), (int)dw.Shape.Count));
    }
}
