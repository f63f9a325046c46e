using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>y = max(x, 0).</summary>
    void Relu(Tensor x, Tensor y);

    /// <summary>dx = dy where y &gt; 0, else 0: zero blocks the gradient.</summary>
    void ReluBackward(Tensor dy, Tensor y, Tensor dx, GradMode mode);
}
