using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void ChannelBias(Tensor x, Tensor bias, Tensor y)
    {
        for (long i = 0; i < x.Shape.Count; i++)
            Reals(y)[i] = Reals(x)[i] + Reals(bias)[i % x.Shape.Last];
    }

    public void ChannelBiasGrad(Tensor dy, Tensor dbias)
    {
        int channels = dy.Shape.Last;
        for (int c = 0; c < channels; c++)
        {
            double sum = 0;
            for (long i = c; i < dy.Shape.Count; i += channels)
                sum += Reals(dy)[i];
            Reals(dbias)[c] = sum;
        }
    }
}
