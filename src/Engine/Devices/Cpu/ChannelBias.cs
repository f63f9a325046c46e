using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    // A classifier's logits: small beside everything else, so that one plain loop does.
    public void ChannelBias(Tensor x, Tensor bias, Tensor y)
    {
        int channels = x.Shape.Last;
        float* from = Reals(x), b = Reals(bias), to = Reals(y);
        for (long row = 0; row < x.Shape.Rows; row++, from += channels, to += channels)
            for (int c = 0; c < channels; c++)
                to[c] = from[c] + b[c];
    }

    public void ChannelBiasGrad(Tensor dy, Tensor dbias)
    {
        int channels = dy.Shape.Last;
        for (int c = 0; c < channels; c++)
        {
            double sum = 0;
            for (long row = 0; row < dy.Shape.Rows; row++)
                sum += Reals(dy)[row * channels + c];
            Reals(dbias)[c] = (float)sum;
        }
    }
}
