using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>hard_tanh</c>.</summary>
internal readonly record struct HardTanh(Ptr<float> X, Ptr<float> Y, uint Count) : IKernelArgs;

/// <summary>Arguments of <c>hard_tanh_backward</c>.</summary>
internal readonly record struct HardTanhBackward(Ptr<float> Dy, Ptr<float> X, Ptr<float> Dx, uint Count, uint Mode) : IKernelArgs;

internal sealed partial class CudaKernels
{
    public void HardTanh(Tensor x, Tensor y) => Launch(new HardTanh(Reals(x), Reals(y), Count(x)), Blocks<HardTanh>(Count(x)));

    public void HardTanhBackward(Tensor dy, Tensor x, Tensor dx, GradMode mode) =>
        Launch(new HardTanhBackward(Reals(dy), Reals(x), Reals(dx), Count(x), (uint)mode), Blocks<HardTanhBackward>(Count(x)));
}
