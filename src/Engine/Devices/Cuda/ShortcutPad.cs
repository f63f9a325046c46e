using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>shortcut_pad</c>.</summary>
internal readonly record struct ShortcutPad(Ptr<float> X, Ptr<float> Y, uint N, uint H, uint W, uint C, uint Co) : IKernelArgs;

/// <summary>Arguments of <c>shortcut_pad_backward</c>.</summary>
internal readonly record struct ShortcutPadBackward(Ptr<float> Dy, Ptr<float> Dx, uint N, uint H, uint W, uint C, uint Co, uint Mode)
    : IKernelArgs;

internal sealed partial class CudaKernels
{
    public void ShortcutPad(Tensor x, Tensor y)
    {
        var (n, h, w, c) = Dimensions(x);
        Launch(new ShortcutPad(Reals(x), Reals(y), n, h, w, c, Channels(y)), Blocks<ShortcutPad>(Count(y)));
    }

    public void ShortcutPadBackward(Tensor dy, Tensor dx, GradMode mode)
    {
        var (n, h, w, c) = Dimensions(dx);
        Launch(new ShortcutPadBackward(Reals(dy), Reals(dx), n, h, w, c, Channels(dy), (uint)mode), Blocks<ShortcutPadBackward>(Count(dx)));
    }
}
