using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>shortcut_pad</c>.</summary>
internal readonly record struct ShortcutPad(Ptr<float> X, Ptr<float> Y, uint N, uint H, uint W, uint C, uint Co) : IKernelArgs
{
    public static string Image => "shortcut_pad";

    public static string Entry => "shortcut_pad";

    public static uint Block => 256;
}

/// <summary>Arguments of <c>shortcut_pad_backward</c>.</summary>
internal readonly record struct ShortcutPadBackward(Ptr<float> Dy, Ptr<float> Dx, uint N, uint H, uint W, uint C, uint Co, uint Mode) : IKernelArgs
{
    public static string Image => "shortcut_pad";

    public static string Entry => "shortcut_pad_backward";

    public static uint Block => 256;
}

/// <summary>Arguments of <c>average_pool</c>.</summary>
internal readonly record struct AveragePool(Ptr<float> X, Ptr<float> Y, uint N, uint Pixels, uint C) : IKernelArgs
{
    public static string Image => "average_pool";

    public static string Entry => "average_pool";

    public static uint Block => 256;
}

/// <summary>Arguments of <c>average_pool_backward</c>.</summary>
internal readonly record struct AveragePoolBackward(Ptr<float> Dy, Ptr<float> Dx, uint N, uint Pixels, uint C, uint Mode) : IKernelArgs
{
    public static string Image => "average_pool";

    public static string Entry => "average_pool_backward";

    public static uint Block => 256;
}

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

    private static (uint N, uint H, uint W, uint C) Dimensions(Tensor x) => ((uint)x.Shape[0], (uint)x.Shape[1], (uint)x.Shape[2], (uint)x.Shape[3]);
}
