using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>conv</c>.</summary>
internal readonly record struct Conv(Ptr<float> X, Ptr<float> W, Ptr<float> Y, ConvGeometryArgument G) : IKernelArgs;

/// <summary>Arguments of <c>conv_input_grad</c>.</summary>
internal readonly record struct ConvInputGrad(Ptr<float> Dy, Ptr<float> W, Ptr<float> Dx, ConvGeometryArgument G, uint Mode) : IKernelArgs;

/// <summary>Arguments of <c>conv_weight_grad</c>.</summary>
internal readonly record struct ConvWeightGrad(Ptr<float> Dy, Ptr<float> X, Ptr<float> Partial, ConvGeometryArgument G, uint SlicePixels)
    : IKernelArgs;

/// <summary>What a forward convolution reads and writes.</summary>
internal readonly record struct ConvOperands(Tensor X, Tensor W, Tensor Y, Tensor? Scratch);

/// <summary>What its input gradient reads and writes.</summary>
internal readonly record struct ConvInputGradOperands(Tensor Dy, Tensor W, Tensor Dx, GradMode Mode, Tensor? Scratch);

internal sealed partial class CudaKernels
{
    private readonly PlanTable<ConvOperands> _conv = new((kernels, g) =>
        RealMma(kernels, g) ?? new TiledPlan<ConvOperands, Conv>(kernels, g, g.Output, (o, geometry) =>
            new(Reals(o.X), Reals(o.W), Reals(o.Y), geometry)));

    private readonly PlanTable<ConvInputGradOperands> _convInputGrad = new((kernels, g) =>
        RealInputGradMma(kernels, g) ?? new TiledPlan<ConvInputGradOperands, ConvInputGrad>(kernels, g, g.Input, (o, geometry) =>
            new(Reals(o.Dy), Reals(o.W), Reals(o.Dx), geometry, (uint)o.Mode)));

    private readonly PlanTable<WeightGradOperands> _convWeightGrad = new((kernels, g) =>
        RealWeightGradMma(kernels, g) ?? new SlicedWeightGrad<ConvWeightGrad>(kernels, g, (o, geometry, pixels) =>
            new(Reals(o.Dy), Reals(o.X), Reals(o.Scratch!), geometry, pixels)));

    public void ConvForward(Tensor x, Tensor w, in ConvGeometry g, Tensor y, Tensor? scratch) =>
        _conv.For(this, g).Launch(new(x, w, y, scratch));

    public void ConvInputGrad(Tensor dy, Tensor w, in ConvGeometry g, Tensor dx, GradMode mode, Tensor? scratch) =>
        _convInputGrad.For(this, g).Launch(new(dy, w, dx, mode, scratch));

    public void ConvWeightGrad(Tensor dy, Tensor x, in ConvGeometry g, Tensor dw, GradMode mode, Tensor? scratch) =>
        _convWeightGrad.For(this, g).Launch(new(dy, x, dw, mode, scratch));
}
