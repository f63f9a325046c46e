using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>clamp</c>.</summary>
internal readonly record struct Clamp(Ptr<float> X, float Bound, uint Count) : IKernelArgs;

internal sealed partial class CudaKernels
{
    public void Clamp(Tensor x, float bound) => Launch(new Clamp(Reals(x), bound, Count(x)), Blocks<Clamp>(Count(x)));
}
