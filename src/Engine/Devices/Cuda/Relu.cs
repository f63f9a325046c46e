using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>relu</c>.</summary>
internal readonly record struct Relu(Ptr<float> X, Ptr<float> Y, uint Count) : IKernelArgs;

/// <summary>Arguments of <c>relu_backward</c>.</summary>
internal readonly record struct ReluBackward(Ptr<float> Dy, Ptr<float> Y, Ptr<float> Dx, uint Count, uint Mode) : IKernelArgs;

internal sealed partial class CudaKernels
{
    public void Relu(Tensor x, Tensor y) => Launch(new Relu(Reals(x), Reals(y), Count(x)), Blocks<Relu>(Count(x)));

    public void ReluBackward(Tensor dy, Tensor y, Tensor dx, GradMode mode) =>
        Launch(new ReluBackward(Reals(dy), Reals(y), Reals(dx), Count(y), (uint)mode), Blocks<ReluBackward>(Count(y)));
}
