using ReSTE.Native.Operations;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>conv_mma32</c>.</summary>
internal readonly record struct ConvMma32(Ptr<float> X, Ptr<float> W, Ptr<float> Y, ConvGeometryArgument G) : IKernelArgs;

/// <summary>Arguments of <c>conv_mma64</c>.</summary>
internal readonly record struct ConvMma64(Ptr<float> X, Ptr<float> W, Ptr<float> Y, ConvGeometryArgument G) : IKernelArgs;

/// <summary>Arguments of <c>conv_input_grad_mma32</c>.</summary>
internal readonly record struct ConvInputGradMma32(Ptr<float> Dy, Ptr<float> W, Ptr<float> Dx, ConvGeometryArgument G, uint Mode)
    : IKernelArgs;

/// <summary>Arguments of <c>conv_input_grad_mma64</c>.</summary>
internal readonly record struct ConvInputGradMma64(Ptr<float> Dy, Ptr<float> W, Ptr<float> Dx, ConvGeometryArgument G, uint Mode)
    : IKernelArgs;

/// <summary>Arguments of <c>conv_weight_grad_mma32</c>.</summary>
internal readonly record struct ConvWeightGradMma32(Ptr<float> Dy, Ptr<float> X, Ptr<float> Partial, ConvGeometryArgument G,
    uint SlicePixels) : IKernelArgs;

/// <summary>Arguments of <c>conv_weight_grad_mma64</c>.</summary>
internal readonly record struct ConvWeightGradMma64(Ptr<float> Dy, Ptr<float> X, Ptr<float> Partial, ConvGeometryArgument G,
    uint SlicePixels) : IKernelArgs;

/// <summary>Arguments of <c>sign_conv_mma32</c>.</summary>
internal readonly record struct SignConvMma32(Ptr<float> X, Ptr<uint> WBits, Ptr<float> Scale, Ptr<float> Y, ConvGeometryArgument G)
    : IKernelArgs;

/// <summary>Arguments of <c>sign_conv_mma64</c>.</summary>
internal readonly record struct SignConvMma64(Ptr<float> X, Ptr<uint> WBits, Ptr<float> Scale, Ptr<float> Y, ConvGeometryArgument G)
    : IKernelArgs;

/// <summary>
/// Convolutions of reals on tensor cores, where their channels suit: each choice is null where they do not, as in a first layer of three
/// channels, which stays in plain single precision.
/// </summary>
internal sealed partial class CudaKernels
{
    private const string RealColumns = "real_columns", NarrowRealColumns = "narrow_real_columns";
    private const string FilterColumns = "filter_columns", NarrowFilterColumns = "narrow_filter_columns";

    // Wider results take blocks of 64 channels.
    private const int Narrow = 32;

    // A quad of channels must have one tap, and two neighbours must be stored together; any filter, stride and padding will do as long as
    // the phases of the stride are no more than a grid may have.
    private bool SuitsReals(in ConvGeometry g) => HasTensorCores && g.I % 8 == 0 && g.O % 8 == 0 && g.Stride < 256;

    private static Plan<ConvOperands>? RealMma(CudaKernels kernels, in ConvGeometry g) => !kernels.SuitsReals(g) ? null
        : kernels.Forms.Tf32 ? RealTf32(kernels, g)
        : g.O <= Narrow
            ? RealTiles<ConvOperands, ConvMma32>.For(kernels, g, g.Output, 1, NarrowRealColumns, (o, geometry) =>
                new(Reals(o.X), Reals(o.W), Reals(o.Y), geometry))
            : RealTiles<ConvOperands, ConvMma64>.For(kernels, g, g.Output, 1, RealColumns, (o, geometry) =>
                new(Reals(o.X), Reals(o.W), Reals(o.Y), geometry));

    private static Plan<ConvInputGradOperands>? RealInputGradMma(CudaKernels kernels, in ConvGeometry g) => !kernels.SuitsReals(g) ? null
        : kernels.Forms.Tf32 ? RealInputGradTf32(kernels, g)
        : g.I <= Narrow
            ? RealTiles<ConvInputGradOperands, ConvInputGradMma32>.For(kernels, g, g.Input, g.Stride, NarrowRealColumns, (o, geometry) =>
                new(Reals(o.Dy), Reals(o.W), Reals(o.Dx), geometry, (uint)o.Mode))
            : RealTiles<ConvInputGradOperands, ConvInputGradMma64>.For(kernels, g, g.Input, g.Stride, RealColumns, (o, geometry) =>
                new(Reals(o.Dy), Reals(o.W), Reals(o.Dx), geometry, (uint)o.Mode));

    private static Plan<WeightGradOperands>? RealWeightGradMma(CudaKernels kernels, in ConvGeometry g) => !kernels.SuitsReals(g) ? null
        : kernels.Forms.Tf32 ? RealWeightGradTf32(kernels, g)
        : g.O <= Narrow
            ? new RealFilterTiles<ConvWeightGradMma32>(kernels, g, NarrowFilterColumns, (o, geometry, pixels) =>
                new(Reals(o.Dy), Reals(o.X), Reals(o.Scratch!), geometry, pixels))
            : new RealFilterTiles<ConvWeightGradMma64>(kernels, g, FilterColumns, (o, geometry, pixels) =>
                new(Reals(o.Dy), Reals(o.X), Reals(o.Scratch!), geometry, pixels));

    private static Plan<SignWeightOperands>? SignMma(CudaKernels kernels, in ConvGeometry g) => !kernels.SuitsReals(g) ? null
        : g.O <= Narrow
            ? RealTiles<SignWeightOperands, SignConvMma32>.For(kernels, g, g.Output, 1, NarrowRealColumns, (o, geometry) =>
                new(Reals(o.X), Words(o.WBits), RealsOrNull(o.Scale), Reals(o.Y), geometry))
            : RealTiles<SignWeightOperands, SignConvMma64>.For(kernels, g, g.Output, 1, RealColumns, (o, geometry) =>
                new(Reals(o.X), Words(o.WBits), RealsOrNull(o.Scale), Reals(o.Y), geometry));
}
