using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>add</c>.</summary>
internal readonly record struct Add(Ptr<float> A, Ptr<float> B, Ptr<float> Y, uint Count) : IKernelArgs;

/// <summary>Arguments of <c>accumulate</c>.</summary>
internal readonly record struct Accumulate(Ptr<float> Dy, Ptr<float> Dx, uint Count, uint Mode) : IKernelArgs;

internal sealed partial class CudaKernels
{
    public void Add(Tensor a, Tensor b, Tensor y) => Launch(new Add(Reals(a), Reals(b), Reals(y), Count(y)), Blocks<Add>(Count(y)));

    public void Accumulate(Tensor dy, Tensor dx, GradMode mode) =>
        Launch(new Accumulate(Reals(dy), Reals(dx), Count(dy), (uint)mode), Blocks<Accumulate>(Count(dy)));
}
