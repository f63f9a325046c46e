using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>
    /// XNOR-Net's weights before their sign (Rastegari et al., ECCV 2016, published code): y = w less the mean over the input channels
    /// of its tap, cut to [-1, 1]. w, y real [O,K,K,I]; y may be w.
    /// </summary>
    void CentreWeights(Tensor w, Tensor y);
}
