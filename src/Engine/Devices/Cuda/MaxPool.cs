using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>max_pool</c>.</summary>
internal readonly record struct MaxPool(Ptr<float> X, Ptr<byte> Taps, Ptr<float> Y, uint N, uint H, uint W, uint C, uint Size, uint Stride,
    uint Padding) : IKernelArgs;

/// <summary>Arguments of <c>max_pool_backward</c>.</summary>
internal readonly record struct MaxPoolBackward(Ptr<float> Dy, Ptr<byte> Taps, Ptr<float> Dx, uint N, uint H, uint W, uint C, uint Size,
    uint Stride, uint Padding, uint Mode) : IKernelArgs;

internal sealed partial class CudaKernels
{
    public void MaxPool(Tensor x, in PoolWindow window, Tensor taps, Tensor y)
    {
        var (n, h, w, c) = Dimensions(x);
        var (size, stride, padding) = window;
        Launch(new MaxPool(Reals(x), new(taps.Address), Reals(y), n, h, w, c, (uint)size, (uint)stride, (uint)padding),
            Blocks<MaxPool>(Count(y)));
    }

    public void MaxPoolBackward(Tensor dy, Tensor taps, in PoolWindow window, Tensor dx, GradMode mode)
    {
        var (n, h, w, c) = Dimensions(dx);
        var (size, stride, padding) = window;
        var args = new MaxPoolBackward(Reals(dy), new(taps.Address), Reals(dx), n, h, w, c, (uint)size, (uint)stride, (uint)padding,
            (uint)mode);
        Launch(args, Blocks<MaxPoolBackward>(Count(dx)));
    }
}
