using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>sign_conv</c>.</summary>
internal readonly record struct SignConv(Ptr<float> X, Ptr<uint> WBits, Ptr<float> Scale, Ptr<float> Y, ConvGeometryArgument G) : IKernelArgs
{
    public static string Image => "sign_conv";

    public static string Entry => "sign_conv";

    public static uint Block => ConvTile.Threads;
}

internal sealed partial class CudaKernels
{
    public void SignConvForward(Tensor x, Tensor wBits, Tensor? scale, in ConvGeometry g, Tensor y, Tensor? scratch) =>
        Launch(new SignConv(Reals(x), Words(wBits), RealsOrNull(scale), Reals(y), new ConvGeometryArgument(g)), ConvTile.Grid(g.Output));
}
