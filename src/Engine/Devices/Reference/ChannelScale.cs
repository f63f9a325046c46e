using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void ChannelScale(Tensor x, Tensor scale, Tensor y)
    {
        for (long i = 0; i < x.Shape.Count; i++)
            Reals(y)[i] = Reals(scale)[i % x.Shape.Last] * Reals(x)[i];
    }

    public void ChannelScaleBackward(Tensor dy, Tensor x, Tensor scale, Tensor? dx, GradMode mode, Tensor? dscale, Tensor? scratch)
    {
        int channels = x.Shape.Last;
        for (long i = 0; dx != null && i < x.Shape.Count; i++)
            Put(Reals(dx), i, Reals(scale)[i % channels] * Reals(dy)[i], mode);
        for (int c = 0; dscale != null && c < channels; c++)
        {
            double sum = 0;
            for (long i = c; i < x.Shape.Count; i += channels)
                sum += Reals(dy)[i] * Reals(x)[i];
            Reals(dscale)[c] = sum;
        }
    }
}
