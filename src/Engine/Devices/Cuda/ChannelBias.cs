using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>channel_bias</c>.</summary>
internal readonly record struct ChannelBias(Ptr<float> X, Ptr<float> Bias, Ptr<float> Y, uint Rows, uint Channels) : IKernelArgs;

/// <summary>Arguments of <c>channel_bias_grad</c>.</summary>
internal readonly record struct ChannelBiasGrad(Ptr<float> Dy, Ptr<float> Dbias, uint Rows, uint Channels) : IKernelArgs;

internal sealed partial class CudaKernels
{
    public void ChannelBias(Tensor x, Tensor bias, Tensor y) =>
        Launch(new ChannelBias(Reals(x), Reals(bias), Reals(y), Rows(x), Channels(x)), Blocks<ChannelBias>(Count(x)));

    public void ChannelBiasGrad(Tensor dy, Tensor dbias) =>
        Launch(new ChannelBiasGrad(Reals(dy), Reals(dbias), Rows(dy), Channels(dy)), Blocks<ChannelBiasGrad>(Channels(dy)));
}
