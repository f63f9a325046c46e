using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>
    /// BiPer's periodic weights (Vargas et al., CVPR 2024, arXiv 2404.01278): y = sin(f w), or its sign where the second knob is not 0.
    /// w, y real [..]; knobs real [3]: f, whether the sign is taken, tau. |f w| up to 1000.
    /// </summary>
    void SineWeights(Tensor w, Tensor knobs, Tensor y);

    /// <summary>
    /// dw = dy f cos(f w) + tau f sin(2 f w) / count: the sign passes its gradient unchanged, and the second term is the gradient of the
    /// loss tau mean(sin(f w)^2). Shapes and knobs as forward.
    /// </summary>
    void SineWeightsBackward(Tensor dy, Tensor w, Tensor knobs, Tensor dw, GradMode mode);
}
