using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>hard_tanh</c>.</summary>
internal readonly record struct HardTanh(Ptr<float> X, Ptr<float> Y, uint Count) : IKernelArgs
{
    public static string Image => "hard_tanh";

    public static string Entry => "hard_tanh";

    public static uint Block => 256;
}

/// <summary>Arguments of <c>hard_tanh_backward</c>.</summary>
internal readonly record struct HardTanhBackward(Ptr<float> Dy, Ptr<float> X, Ptr<float> Dx, uint Count, uint Mode) : IKernelArgs
{
    public static string Image => "hard_tanh";

    public static string Entry => "hard_tanh_backward";

    public static uint Block => 256;
}

internal sealed partial class CudaKernels
{
    public void HardTanh(Tensor x, Tensor y) => Launch(new HardTanh(Reals(x), Reals(y), Count(x)), Blocks<HardTanh>(Count(x)));

    public void HardTanhBackward(Tensor dy, Tensor x, Tensor dx, GradMode mode) =>
        Launch(new HardTanhBackward(Reals(dy), Reals(x), Reals(dx), Count(x), (uint)mode), Blocks<HardTanhBackward>(Count(x)));
}
