using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>
    /// Standardises each filter: y = (w - mean) / s with s = sqrt(variance + epsilon), the unbiased variance of the filter's M values.
    /// w, y real [O, ..], statistics real [2,O]: mean and s, kept for the backward pass. IR-Net's Libra (Qin et al., CVPR 2020,
    /// arXiv 1909.10788) with epsilon 0; M of at least 2.
    /// </summary>
    void StandardiseWeights(Tensor w, double epsilon, Tensor statistics, Tensor y);

    /// <summary>
    /// dw = (dy - mean(dy) - y sum(dy y) / (M - 1)) / s, y made again from w: the gradient flows through mean and deviation.
    /// </summary>
    void StandardiseWeightsBackward(Tensor dy, Tensor w, Tensor statistics, Tensor dw, GradMode mode);
}
