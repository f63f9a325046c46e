using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>
    /// XNOR-popcount convolution: y = scale * n with n = sum over valid taps of sign(x) sign(w) = K_valid - 2 popcount(x xor w), an
    /// exact integer; taps in the zero padding do not count. scale real [1]; null stands for 1.
    /// </summary>
    void BinaryConvForward(Tensor xBits, Tensor wBits, Tensor? scale, in ConvGeometry g, Tensor y, Tensor? scratch);

    /// <summary>
    /// dx = h(x) * scale * (dy convolved with sign(w), transposed), h the slope with its four parameters, real [4]; scale
    /// real [1], null stands for 1.
    /// </summary>
    void BinaryConvInputGrad(Tensor dy, Tensor wBits, Tensor? scale, Tensor x, SlopeKind slope, Tensor slopeParameters, in ConvGeometry g,
        Tensor dx, GradMode mode, Tensor? scratch);

    /// <summary>
    /// dŵ[o,a,b,i] = sum over n and valid output pixels of dy[n,p,q,o] * sign(x[n, p s + a - pad, q s + b - pad, i]); dŵ real [O,K,K,I].
    /// </summary>
    void BinaryConvWeightGrad(Tensor dy, Tensor xBits, in ConvGeometry g, Tensor dw, Tensor? scratch);
}
