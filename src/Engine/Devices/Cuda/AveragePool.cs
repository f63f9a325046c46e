using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>average_pool</c>.</summary>
internal readonly record struct AveragePool(Ptr<float> X, Ptr<float> Y, uint N, uint Pixels, uint C) : IKernelArgs;

/// <summary>Arguments of <c>average_pool_backward</c>.</summary>
internal readonly record struct AveragePoolBackward(Ptr<float> Dy, Ptr<float> Dx, uint N, uint Pixels, uint C, uint Mode) : IKernelArgs;

internal sealed partial class CudaKernels
{
    public void AveragePool(Tensor x, Tensor y)
    {
        var (n, h, w, c) = Dimensions(x);
        Launch(new AveragePool(Reals(x), Reals(y), n, h * w, c), Blocks<AveragePool>(Count(y)));
    }

    public void AveragePoolBackward(Tensor dy, Tensor dx, GradMode mode)
    {
        var (n, h, w, c) = Dimensions(dx);
        Launch(new AveragePoolBackward(Reals(dy), Reals(dx), n, h * w, c, (uint)mode), Blocks<AveragePoolBackward>(Count(dx)));
    }
}
