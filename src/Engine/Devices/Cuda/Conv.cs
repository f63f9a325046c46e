using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>conv</c>.</summary>
internal readonly record struct Conv(Ptr<float> X, Ptr<float> W, Ptr<float> Y, ConvGeometryArgument G) : IKernelArgs
{
    public static string Image => "conv";

    public static string Entry => "conv";

    public static uint Block => ConvTile.Threads;
}

/// <summary>Arguments of <c>conv_input_grad</c>.</summary>
internal readonly record struct ConvInputGrad(Ptr<float> Dy, Ptr<float> W, Ptr<float> Dx, ConvGeometryArgument G, uint Mode) : IKernelArgs
{
    public static string Image => "conv";

    public static string Entry => "conv_input_grad";

    public static uint Block => ConvTile.Threads;
}

internal sealed partial class CudaKernels
{
    public void ConvForward(Tensor x, Tensor w, in ConvGeometry g, Tensor y, Tensor? scratch) =>
        Launch(new Conv(Reals(x), Reals(w), Reals(y), new ConvGeometryArgument(g)), ConvTile.Grid(g.Output));

    public void ConvInputGrad(Tensor dy, Tensor w, in ConvGeometry g, Tensor dx, GradMode mode, Tensor? scratch) =>
        Launch(new ConvInputGrad(Reals(dy), Reals(w), Reals(dx), new ConvGeometryArgument(g), (uint)mode), ConvTile.Grid(g.Input));
}
