using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>y[n,c] = mean of x[n,:,:,c].</summary>
    void AveragePool(Tensor x, Tensor y);

    /// <summary>dx[n,p,q,c] = dy[n,c] / (H W).</summary>
    void AveragePoolBackward(Tensor dy, Tensor dx, GradMode mode);
}
