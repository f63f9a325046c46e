using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>binary_conv</c>.</summary>
internal readonly record struct BinaryConv(Ptr<uint> XBits, Ptr<uint> WBits, Ptr<float> Scale, Ptr<float> Y, ConvGeometryArgument G) : IKernelArgs
{
    public static string Image => "binary_conv";

    public static string Entry => "binary_conv";

    public static uint Block => 256;
}

/// <summary>Arguments of <c>binary_conv_input_grad</c>.</summary>
internal readonly record struct BinaryConvInputGrad(Ptr<float> Dy, Ptr<uint> WBits, Ptr<float> Scale, Ptr<float> X, Ptr<float> SlopeParameters, Ptr<float> Dx,
    ConvGeometryArgument G, uint SlopeKind, uint Mode) : IKernelArgs
{
    public static string Image => "binary_conv";

    public static string Entry => "binary_conv_input_grad";

    public static uint Block => ConvTile.Threads;
}

internal sealed partial class CudaKernels
{
    public void BinaryConvForward(Tensor xBits, Tensor wBits, Tensor? scale, in ConvGeometry g, Tensor y, Tensor? scratch) =>
        Launch(new BinaryConv(Words(xBits), Words(wBits), RealsOrNull(scale), Reals(y), new ConvGeometryArgument(g)), Blocks<BinaryConv>(Count(y)));

    public void BinaryConvInputGrad(Tensor dy, Tensor wBits, Tensor? scale, Tensor x, SlopeKind slope, Tensor slopeParameters, in ConvGeometry g,
        Tensor dx, GradMode mode, Tensor? scratch) =>
        Launch(new BinaryConvInputGrad(Reals(dy), Words(wBits), RealsOrNull(scale), Reals(x), Reals(slopeParameters), Reals(dx), new ConvGeometryArgument(g),
            (uint)slope.Number, (uint)mode), ConvTile.Grid(g.Input));
}
