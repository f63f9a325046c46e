using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>y = min(max(x, -1), 1); NaN stays NaN.</summary>
    void HardTanh(Tensor x, Tensor y);

    /// <summary>dx = dy where -1 &lt; x &lt; 1, else 0: as PyTorch, the ends block the gradient.</summary>
    void HardTanhBackward(Tensor dy, Tensor x, Tensor dx, GradMode mode);
}
