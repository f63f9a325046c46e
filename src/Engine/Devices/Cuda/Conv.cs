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

/// <summary>Arguments of <c>conv_weight_grad_of_norm</c>.</summary>
internal readonly record struct ConvWeightGradOfNorm(Ptr<float> Dy, Ptr<float> Y, Ptr<float> Gamma, Ptr<float> Mean, Ptr<float> InvStd,
    Ptr<float> Dgamma, Ptr<float> Dbeta, Ptr<float> X, Ptr<float> Partial, ConvGeometryArgument G, uint SlicePixels, uint Rectify)
    : IKernelArgs;

/// <summary>What a forward convolution reads and writes.</summary>
internal readonly record struct ConvOperands(Tensor X, Tensor W, Tensor Y, Tensor? Scratch)
{
    /// <summary>What a batch norm of Y begins with, where the plan gives that too.</summary>
    public NormStatistics? Statistics { get; init; }
}

/// <summary>What its input gradient reads and writes.</summary>
internal readonly record struct ConvInputGradOperands(Tensor Dy, Tensor W, Tensor Dx, GradMode Mode, Tensor? Scratch);

internal sealed partial class CudaKernels
{
    private readonly PlanTable<ConvOperands> _conv = new((kernels, g) =>
        RealMma(kernels, g) ?? ImageConvPlan.For(kernels, g) ?? new TiledPlan<ConvOperands, Conv>(kernels, g, g.Output, (o, geometry) =>
            new(Reals(o.X), Reals(o.W), Reals(o.Y), geometry)));

    private readonly PlanTable<ConvInputGradOperands> _convInputGrad = new((kernels, g) =>
        RealInputGradMma(kernels, g) ?? new TiledPlan<ConvInputGradOperands, ConvInputGrad>(kernels, g, g.Input, (o, geometry) =>
            new(Reals(o.Dy), Reals(o.W), Reals(o.Dx), geometry, (uint)o.Mode)));

    private readonly PlanTable<WeightGradOperands> _convWeightGrad = new((kernels, g) =>
        RealWeightGradMma(kernels, g)
        ?? ImageConvWeightGradPlan<ImageConvWeightGrad>.For(kernels, g, (o, geometry, tiles) =>
            new(Reals(o.Dy), Reals(o.X), Reals(o.Scratch!), geometry, tiles.Tile, tiles.Tiles))
        ?? new SlicedWeightGrad<ConvWeightGrad>(kernels, g, (o, geometry, pixels) =>
            new(Reals(o.Dy), Reals(o.X), Reals(o.Scratch!), geometry, pixels)));

    private readonly PlanTable<WeightGradOperands> _convWeightGradOfNorm = new((kernels, g) =>
        ImageConvWeightGradPlan<ImageConvWeightGradOfNorm>.For(kernels, g, (o, geometry, tiles) =>
            new(Reals(o.Dy), Reals(o.Norm.X), RealsOrNull(o.Norm.Gamma), Reals(o.Norm.Mean), Reals(o.Norm.InvStd), Reals(o.Norm.DGamma),
                Reals(o.Norm.DBeta), Reals(o.X), Reals(o.Scratch!), geometry, tiles.Tile, tiles.Tiles, Flag(o.Norm.Rectify)))
        ?? new SlicedWeightGrad<ConvWeightGradOfNorm>(kernels, g, (o, geometry, pixels) =>
            new(Reals(o.Dy), Reals(o.Norm.X), RealsOrNull(o.Norm.Gamma), Reals(o.Norm.Mean), Reals(o.Norm.InvStd), Reals(o.Norm.DGamma),
                Reals(o.Norm.DBeta), Reals(o.X), Reals(o.Scratch!), geometry, pixels, Flag(o.Norm.Rectify))));

    public void ConvForward(Tensor x, Tensor w, in ConvGeometry g, Tensor y, Tensor? scratch) =>
        _conv.For(this, g).Launch(new(x, w, y, scratch));

    public void ConvInputGrad(Tensor dy, Tensor w, in ConvGeometry g, Tensor dx, GradMode mode, Tensor? scratch) =>
        _convInputGrad.For(this, g).Launch(new(dy, w, dx, mode, scratch));

    public void ConvWeightGrad(Tensor dy, Tensor x, in ConvGeometry g, Tensor dw, GradMode mode, Tensor? scratch) =>
        _convWeightGrad.For(this, g).Launch(new(dy, x, dw, mode, scratch));

    public void ConvWeightGrad(Tensor dy, Tensor x, in ConvGeometry g, Tensor slices) =>
        _convWeightGrad.For(this, g).Launch(new(dy, x, null, GradMode.Write, slices));

    public void ConvWeightGrad(in NormGradient dy, Tensor x, in ConvGeometry g, Tensor slices) =>
        _convWeightGradOfNorm.For(this, g).Launch(new(dy.Dy, x, null, GradMode.Write, slices) { Norm = dy });

    // Float kernels can.
    public bool TakesNormGradient(in ConvGeometry g) => !forms.Plain
        && _convWeightGrad.For(this, g) is SlicedWeightGrad<ConvWeightGrad> or ImageConvWeightGradPlan<ImageConvWeightGrad>;

    public void ConvWeightGrad(in NormGradient dy, Tensor x, in ConvGeometry g, Tensor dw, GradMode mode, Tensor? scratch) =>
        _convWeightGradOfNorm.For(this, g).Launch(new(dy.Dy, x, dw, mode, scratch) { Norm = dy });

    public bool GivesNormStatistics(in ConvGeometry g) =>
        _conv.For(this, g) is ImageConvPlan plan && plan.Slices <= RowSlices(g.Output).Count;

    public void ConvForward(Tensor x, Tensor w, in ConvGeometry g, Tensor y, in NormStatistics statistics, Tensor? scratch) =>
        _conv.For(this, g).Launch(new(x, w, y, scratch) { Statistics = statistics });
}
