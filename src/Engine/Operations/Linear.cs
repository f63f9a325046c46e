using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>y = x wᵀ + b: x real [N,I], w real [O,I], b real [O], y real [N,O].</summary>
    void LinearForward(Tensor x, Tensor w, Tensor b, Tensor y);

    /// <summary>dx = dy w.</summary>
    void LinearInputGrad(Tensor dy, Tensor w, Tensor dx, GradMode mode);

    /// <summary>dw = dyᵀ x, db = sum over rows of dy.</summary>
    void LinearWeightGrad(Tensor dy, Tensor x, Tensor dw, Tensor db);
}
