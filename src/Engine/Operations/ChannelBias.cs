using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>y[r,c] = x[r,c] + bias[c]: x, y real [.., C], bias real [C].</summary>
    void ChannelBias(Tensor x, Tensor bias, Tensor y);

    /// <summary>dbias[c] = sum over rows of dy, in double. The gradient of x is dy.</summary>
    void ChannelBiasGrad(Tensor dy, Tensor dbias);
}
