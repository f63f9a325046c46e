using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>
    /// Divides each image by its own deviation: y = x / s with s = sqrt(variance + 1e-5), the unbiased variance of the image's M values.
    /// x, y real [N, ..], statistics real [2,N]: mean and s, kept for the backward pass (Vargas et al., BiPer, CVPR 2024).
    /// </summary>
    void ImageDeviation(Tensor x, Tensor statistics, Tensor y);

    /// <summary>
    /// attached: dx = dy / s - (x - mean) sum(dy x) / ((M - 1) s^3), the sum over the image; detached, where s
    /// counts as a constant: dx = dy / s.
    /// </summary>
    void ImageDeviationBackward(Tensor dy, Tensor x, Tensor statistics, bool attached, Tensor dx, GradMode mode);
}
