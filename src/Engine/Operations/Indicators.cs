using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>
    /// result[slot] = || f(w) - sign(w) ||_2 with f(w) = sign(w) |w|^(1/o), sign(0) = 0 here; exponent real [1] holds o, result is float64.
    /// </summary>
    void EstimatingError(Tensor w, Tensor exponent, Tensor result, int slot);

    /// <summary>result[slot] = unbiased variance of |dw|. result float64.</summary>
    void GradientVariance(Tensor dw, Tensor result, int slot);
}
