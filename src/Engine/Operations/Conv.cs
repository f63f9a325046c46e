using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>y = x convolved with w.</summary>
    void ConvForward(Tensor x, Tensor w, in ConvGeometry g, Tensor y, Tensor? scratch);

    /// <summary>dx = dy convolved with w, transposed.</summary>
    void ConvInputGrad(Tensor dy, Tensor w, in ConvGeometry g, Tensor dx, GradMode mode, Tensor? scratch);

    /// <summary>dw[o,a,b,i] = sum over n and output pixels of dy * x at the tap, zero in the padding.</summary>
    void ConvWeightGrad(Tensor dy, Tensor x, in ConvGeometry g, Tensor dw, GradMode mode, Tensor? scratch);
}
