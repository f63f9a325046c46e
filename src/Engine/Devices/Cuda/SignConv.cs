using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>sign_conv</c>.</summary>
internal readonly record struct SignConv(Ptr<float> X, Ptr<uint> WBits, Ptr<float> Scale, Ptr<float> Y, ConvGeometryArgument G)
    : IKernelArgs;

/// <summary>What a convolution with binary weights reads and writes; X real, or its packed signs.</summary>
internal readonly record struct SignWeightOperands(Tensor X, Tensor WBits, Tensor? Scale, Tensor Y, Tensor? Scratch);

internal sealed partial class CudaKernels
{
    private readonly PlanTable<SignWeightOperands> _signConv = new((kernels, g) =>
        SignMma(kernels, g) ?? new TiledPlan<SignWeightOperands, SignConv>(kernels, g, g.Output, (o, geometry) =>
            new(Reals(o.X), Words(o.WBits), RealsOrNull(o.Scale), Reals(o.Y), geometry)));

    public void SignConvForward(Tensor x, Tensor wBits, Tensor? scale, in ConvGeometry g, Tensor y, Tensor? scratch) =>
        _signConv.For(this, g).Launch(new(x, wBits, scale, y, scratch));
}
