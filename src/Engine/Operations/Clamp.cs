using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>x = min(max(x, -bound), bound), in place, for a positive bound; NaN stays NaN. x real, of any shape.</summary>
    void Clamp(Tensor x, float bound);
}
