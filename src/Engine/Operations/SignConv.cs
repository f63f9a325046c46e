using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>
    /// y = scale * (x convolved with sign(w)) for real x; scale real [1], null stands for 1. Its gradients are those of
    /// <see cref="BinaryConvInputGrad"/> with the identity for a slope, and <see cref="ConvWeightGrad"/>.
    /// </summary>
    void SignConvForward(Tensor x, Tensor wBits, Tensor? scale, in ConvGeometry g, Tensor y, Tensor? scratch);
}
