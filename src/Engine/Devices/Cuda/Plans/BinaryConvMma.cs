using System.Diagnostics.CodeAnalysis;
using ReSTE.Native.Operations;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>binary_conv_mma</c>.</summary>
internal readonly record struct BinaryConvMma(Ptr<uint> XBits, Ptr<uint> WBits, Ptr<float> Scale, Ptr<float> Y, ConvGeometryArgument G)
    : IKernelArgs;

/// <summary>Arguments of <c>binary_conv_mma_xor</c>.</summary>
internal readonly record struct BinaryConvMmaXor(Ptr<uint> XBits, Ptr<uint> WBits, Ptr<float> Scale, Ptr<float> Y, ConvGeometryArgument G)
    : IKernelArgs;

/// <summary>Arguments of <c>binary_conv_mma_int8</c>.</summary>
internal readonly record struct BinaryConvMmaInt8(Ptr<uint> XBits, Ptr<uint> WBits, Ptr<float> Scale, Ptr<float> Y, ConvGeometryArgument G)
    : IKernelArgs;

/// <summary>Arguments of <c>binary_conv_input_grad_mma16</c>.</summary>
internal readonly record struct BinaryConvInputGradMma16(Ptr<float> Dy, Ptr<uint> WBits, Ptr<float> Scale, Ptr<float> X,
    Ptr<float> SlopeParameters, Ptr<float> Dx, ConvGeometryArgument G, PixelTileArgument Tile, uint Tiles, uint SlopeKind,
    uint Mode) : IKernelArgs;

/// <summary>Arguments of <c>binary_conv_input_grad_mma32</c>.</summary>
internal readonly record struct BinaryConvInputGradMma32(Ptr<float> Dy, Ptr<uint> WBits, Ptr<float> Scale, Ptr<float> X,
    Ptr<float> SlopeParameters, Ptr<float> Dx, ConvGeometryArgument G, PixelTileArgument Tile, uint Tiles, uint SlopeKind,
    uint Mode) : IKernelArgs;

/// <summary>Arguments of <c>binary_conv_input_grad_mma64</c>.</summary>
internal readonly record struct BinaryConvInputGradMma64(Ptr<float> Dy, Ptr<uint> WBits, Ptr<float> Scale, Ptr<float> X,
    Ptr<float> SlopeParameters, Ptr<float> Dx, ConvGeometryArgument G, PixelTileArgument Tile, uint Tiles, uint SlopeKind,
    uint Mode) : IKernelArgs;

/// <summary>Arguments of <c>binary_conv_weight_grad_mma16</c>.</summary>
internal readonly record struct BinaryConvWeightGradMma16(Ptr<float> Dy, Ptr<uint> XBits, Ptr<float> Partial, ConvGeometryArgument G,
    PixelTileArgument Tile, uint Tiles, uint SliceTiles) : IKernelArgs;

/// <summary>Arguments of <c>binary_conv_weight_grad_mma32</c>.</summary>
internal readonly record struct BinaryConvWeightGradMma32(Ptr<float> Dy, Ptr<uint> XBits, Ptr<float> Partial, ConvGeometryArgument G,
    PixelTileArgument Tile, uint Tiles, uint SliceTiles) : IKernelArgs;

/// <summary>Binary convolutions on tensor cores, where their channels suit: each choice is null where they do not.</summary>
internal sealed partial class CudaKernels
{
    private static Plan<SignWeightOperands>? XnorMma(CudaKernels kernels, in ConvGeometry g) =>
        !kernels.SuitsXnor(g) ? null : kernels.Forms.Signs switch
        {
            SignForm.And => new XnorTiles<BinaryConvMma>(kernels, g, (o, geometry) =>
                new(Words(o.X), Words(o.WBits), RealsOrNull(o.Scale), Reals(o.Y), geometry)),
            SignForm.Xor => new XnorTiles<BinaryConvMmaXor>(kernels, g, (o, geometry) =>
                new(Words(o.X), Words(o.WBits), RealsOrNull(o.Scale), Reals(o.Y), geometry)),
            _ => new XnorTiles<BinaryConvMmaInt8>(kernels, g, (o, geometry) =>
                new(Words(o.X), Words(o.WBits), RealsOrNull(o.Scale), Reals(o.Y), geometry)),
        };

    private bool SuitsXnor(in ConvGeometry g) => HasTensorCores && SignForms.Suit(g, modules.Find<BinaryConvMma>());

    private static Plan<BinaryConvInputGradOperands>? InputGradMma(CudaKernels kernels, in ConvGeometry g) =>
        g.I switch
        {
            <= 16 => InputGradTiles<BinaryConvInputGradOperands, BinaryConvInputGradMma16>.For(kernels, g, 16, (o, geometry, tile, tiles) =>
                new(Reals(o.Dy), Words(o.WBits), RealsOrNull(o.Scale), Reals(o.X), Reals(o.SlopeParameters), Reals(o.Dx), geometry, tile,
                    tiles, (uint)o.Slope.Number, (uint)o.Mode)),
            <= 32 => InputGradTiles<BinaryConvInputGradOperands, BinaryConvInputGradMma32>.For(kernels, g, 32, (o, geometry, tile, tiles) =>
                new(Reals(o.Dy), Words(o.WBits), RealsOrNull(o.Scale), Reals(o.X), Reals(o.SlopeParameters), Reals(o.Dx), geometry, tile,
                    tiles, (uint)o.Slope.Number, (uint)o.Mode)),
            _ => InputGradTiles<BinaryConvInputGradOperands, BinaryConvInputGradMma64>.For(kernels, g, 64, (o, geometry, tile, tiles) =>
                new(Reals(o.Dy), Words(o.WBits), RealsOrNull(o.Scale), Reals(o.X), Reals(o.SlopeParameters), Reals(o.Dx), geometry, tile,
                    tiles, (uint)o.Slope.Number, (uint)o.Mode)),
        };

    private static Plan<WeightGradOperands>? WeightGradMma(CudaKernels kernels, in ConvGeometry g) =>
        g.I >= 32 && g.O >= 32
            ? WeightGradTiles<WeightGradOperands, BinaryConvWeightGradMma32>.For(kernels, g, 32, o => o,
                (o, geometry, tile, tiles, slice) =>
                    new(Reals(o.Dy), Words(o.X), Reals(o.Scratch!), geometry, tile, tiles, slice))
            : WeightGradTiles<WeightGradOperands, BinaryConvWeightGradMma16>.For(kernels, g, 16, o => o,
                (o, geometry, tile, tiles, slice) =>
                    new(Reals(o.Dy), Words(o.X), Reals(o.Scratch!), geometry, tile, tiles, slice));

    /// <summary>A warp 32 pixels and 32 filters.</summary>
    private sealed class XnorTiles<[DynamicallyAccessedMembers(KernelLayout.Needed)] TArgs>(
        CudaKernels kernels, in ConvGeometry g, Func<SignWeightOperands, ConvGeometryArgument, TArgs> arguments) : Plan<SignWeightOperands>
        where TArgs : unmanaged, IKernelArgs
    {
        private readonly ConvGeometryArgument _g = new(g);
        private readonly Grid _grid = new(
            Blocks(g.Output.Rows, kernels.Constant<TArgs>("xnor_pixels")),
            Blocks(g.O, kernels.Constant<TArgs>("xnor_filters")));

        public override void Launch(in SignWeightOperands o) => kernels.Launch(arguments(o, _g), _grid);
    }
}
