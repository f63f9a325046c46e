using ReSTE.Native.Operations;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>conv_tf32_narrow</c>.</summary>
internal readonly record struct ConvTf32Narrow(Ptr<float> X, Ptr<float> W, Ptr<float> Y, ConvGeometryArgument G) : IKernelArgs;

/// <summary>Arguments of <c>conv_tf32_wide</c>.</summary>
internal readonly record struct ConvTf32Wide(Ptr<float> X, Ptr<float> W, Ptr<float> Y, ConvGeometryArgument G) : IKernelArgs;

/// <summary>Arguments of <c>conv_input_grad_tf32_narrow</c>.</summary>
internal readonly record struct ConvInputGradTf32Narrow(Ptr<float> Dy, Ptr<float> W, Ptr<float> Dx, ConvGeometryArgument G, uint Mode)
    : IKernelArgs;

/// <summary>Arguments of <c>conv_input_grad_tf32_wide</c>.</summary>
internal readonly record struct ConvInputGradTf32Wide(Ptr<float> Dy, Ptr<float> W, Ptr<float> Dx, ConvGeometryArgument G, uint Mode)
    : IKernelArgs;

/// <summary>Arguments of <c>conv_weight_grad_tf32_narrow</c>.</summary>
internal readonly record struct ConvWeightGradTf32Narrow(Ptr<float> Dy, Ptr<float> X, Ptr<float> Partial, ConvGeometryArgument G,
    uint SlicePixels) : IKernelArgs;

/// <summary>Arguments of <c>conv_weight_grad_tf32_wide</c>.</summary>
internal readonly record struct ConvWeightGradTf32Wide(Ptr<float> Dy, Ptr<float> X, Ptr<float> Partial, ConvGeometryArgument G,
    uint SlicePixels) : IKernelArgs;

/// <summary>The same convolutions of reals in tf32, for a device that was asked to.</summary>
internal sealed partial class CudaKernels
{
    private static Plan<ConvOperands> RealTf32(CudaKernels kernels, in ConvGeometry g) => g.O <= Narrow
        ? RealTiles<ConvOperands, ConvTf32Narrow>.For(kernels, g, g.Output, 1, NarrowRealColumns, (o, geometry) =>
            new(Reals(o.X), Reals(o.W), Reals(o.Y), geometry))
        : RealTiles<ConvOperands, ConvTf32Wide>.For(kernels, g, g.Output, 1, RealColumns, (o, geometry) =>
            new(Reals(o.X), Reals(o.W), Reals(o.Y), geometry));

    private static Plan<ConvInputGradOperands> RealInputGradTf32(CudaKernels kernels, in ConvGeometry g) => g.I <= Narrow
        ? RealTiles<ConvInputGradOperands, ConvInputGradTf32Narrow>.For(kernels, g, g.Input, g.Stride, NarrowRealColumns, (o, geometry) =>
            new(Reals(o.Dy), Reals(o.W), Reals(o.Dx), geometry, (uint)o.Mode))
        : RealTiles<ConvInputGradOperands, ConvInputGradTf32Wide>.For(kernels, g, g.Input, g.Stride, RealColumns, (o, geometry) =>
            new(Reals(o.Dy), Reals(o.W), Reals(o.Dx), geometry, (uint)o.Mode));

    private static Plan<WeightGradOperands> RealWeightGradTf32(CudaKernels kernels, in ConvGeometry g) => g.O <= Narrow
        ? new RealFilterTiles<ConvWeightGradTf32Narrow>(kernels, g, NarrowFilterColumns, (o, geometry, pixels) =>
            new(Reals(o.Dy), Reals(o.X), Reals(o.Scratch!), geometry, pixels))
        : new RealFilterTiles<ConvWeightGradTf32Wide>(kernels, g, FilterColumns, (o, geometry, pixels) =>
            new(Reals(o.Dy), Reals(o.X), Reals(o.Scratch!), geometry, pixels));
}
