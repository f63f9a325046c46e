using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>y = a + b.</summary>
    void Add(Tensor a, Tensor b, Tensor y);

    /// <summary>dx = dy, or dx += dy.</summary>
    void Accumulate(Tensor dy, Tensor dx, GradMode mode);
}
