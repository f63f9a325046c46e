using System.Diagnostics.CodeAnalysis;
using ReSTE.Native.Operations;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>binary_conv_mma</c>.</summary>
internal readonly record struct BinaryConvMma(Ptr<uint> XBits, Ptr<uint> WBits, Ptr<float> Scale, Ptr<float> Y, ConvGeometryArgument G)
    : IKernelArgs;

/// <summary>Arguments of <c>binary_conv_input_grad_mma16</c>.</summary>
internal readonly record struct BinaryConvInputGradMma16(Ptr<float> Dy, Ptr<uint> WBits, Ptr<float> Scale, Ptr<float> X,
    Ptr<float> SlopeParameters, Ptr<float> Dx, ConvGeometryArgument G, PixelTileArgument Tile, uint SlopeKind, uint Mode) : IKernelArgs;

/// <summary>Arguments of <c>binary_conv_input_grad_mma32</c>.</summary>
internal readonly record struct BinaryConvInputGradMma32(Ptr<float> Dy, Ptr<uint> WBits, Ptr<float> Scale, Ptr<float> X,
    Ptr<float> SlopeParameters, Ptr<float> Dx, ConvGeometryArgument G, PixelTileArgument Tile, uint SlopeKind, uint Mode) : IKernelArgs;

/// <summary>Arguments of <c>binary_conv_input_grad_mma64</c>.</summary>
internal readonly record struct BinaryConvInputGradMma64(Ptr<float> Dy, Ptr<uint> WBits, Ptr<float> Scale, Ptr<float> X,
    Ptr<float> SlopeParameters, Ptr<float> Dx, ConvGeometryArgument G, PixelTileArgument Tile, uint SlopeKind, uint Mode) : IKernelArgs;

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
        kernels.HasBitTensorCores && g.O % 8 == 0
            && g.K * g.K * Blocks(g.I, 32) + 8 <= kernels.Constant<BinaryConvMma>("xnor_most_words")
            ? new XnorTiles(kernels, g) : null;

    private static Plan<BinaryConvInputGradOperands>? InputGradMma(CudaKernels kernels, in ConvGeometry g)
    {
        if (!kernels.HasTensorCores || g.O % 16 != 0 || g.I % 8 != 0)
            return null;
        return g.I switch
        {
            <= 16 => InputGradTiles<BinaryConvInputGradMma16>.For(kernels, g, 16, (o, geometry, tile) =>
                new(Reals(o.Dy), Words(o.WBits), RealsOrNull(o.Scale), Reals(o.X), Reals(o.SlopeParameters), Reals(o.Dx), geometry, tile,
                    (uint)o.Slope.Number, (uint)o.Mode)),
            <= 32 => InputGradTiles<BinaryConvInputGradMma32>.For(kernels, g, 32, (o, geometry, tile) =>
                new(Reals(o.Dy), Words(o.WBits), RealsOrNull(o.Scale), Reals(o.X), Reals(o.SlopeParameters), Reals(o.Dx), geometry, tile,
                    (uint)o.Slope.Number, (uint)o.Mode)),
            _ => InputGradTiles<BinaryConvInputGradMma64>.For(kernels, g, 64, (o, geometry, tile) =>
                new(Reals(o.Dy), Words(o.WBits), RealsOrNull(o.Scale), Reals(o.X), Reals(o.SlopeParameters), Reals(o.Dx), geometry, tile,
                    (uint)o.Slope.Number, (uint)o.Mode)),
        };
    }

    private static Plan<WeightGradOperands>? WeightGradMma(CudaKernels kernels, in ConvGeometry g)
    {
        if (!kernels.HasTensorCores || g.K != 3 || g.I % 8 != 0)
            return null;
        return g.I >= 32 && g.O >= 32
            ? WeightGradTiles<BinaryConvWeightGradMma32>.For(kernels, g, 32, (o, geometry, tile, tiles, slice) =>
                new(Reals(o.Dy), Words(o.X), Reals(o.Scratch!), geometry, tile, tiles, slice))
            : WeightGradTiles<BinaryConvWeightGradMma16>.For(kernels, g, 16, (o, geometry, tile, tiles, slice) =>
                new(Reals(o.Dy), Words(o.X), Reals(o.Scratch!), geometry, tile, tiles, slice));
    }

    /// <summary>A warp 32 pixels and 32 filters.</summary>
    private sealed class XnorTiles(CudaKernels kernels, in ConvGeometry g) : Plan<SignWeightOperands>
    {
        private readonly ConvGeometryArgument _g = new(g);
        private readonly Grid _grid = new(
            Blocks(g.Output.Rows, kernels.Constant<BinaryConvMma>("xnor_pixels")),
            Blocks(g.O, kernels.Constant<BinaryConvMma>("xnor_filters")));

        public override void Launch(in SignWeightOperands o) =>
            kernels.Launch(new BinaryConvMma(Words(o.X), Words(o.WBits), RealsOrNull(o.Scale), Reals(o.Y), _g), _grid);
    }

    /// <summary>A block 128 pixels of one phase of the stride, and 16, 32 or 64 channels of x.</summary>
    private sealed class InputGradTiles<[DynamicallyAccessedMembers(KernelLayout.Needed)] TArgs> : Plan<BinaryConvInputGradOperands>
        where TArgs : unmanaged, IKernelArgs
    {
        private readonly CudaKernels _kernels;
        private readonly ConvGeometryArgument _g;
        private readonly PixelTileArgument _tile;
        private readonly Grid _grid;
        private readonly Func<BinaryConvInputGradOperands, ConvGeometryArgument, PixelTileArgument, TArgs> _arguments;

        private InputGradTiles(CudaKernels kernels, in ConvGeometry g, PixelTileArgument tile, Grid grid,
            Func<BinaryConvInputGradOperands, ConvGeometryArgument, PixelTileArgument, TArgs> arguments) =>
            (_kernels, _g, _tile, _grid, _arguments) = (kernels, new(g), tile, grid, arguments);

        public static Plan<BinaryConvInputGradOperands>? For(CudaKernels kernels, in ConvGeometry g, uint channels,
            Func<BinaryConvInputGradOperands, ConvGeometryArgument, PixelTileArgument, TArgs> arguments)
        {
            int taps = (g.K + g.Stride - 1) / g.Stride;
            uint pixels = kernels.Constant<TArgs>("pixel_tile_log");
            PixelTileArgument? tile = PixelTileArgument.For((g.H + g.Stride - 1) / g.Stride, (g.W + g.Stride - 1) / g.Stride, 1, taps,
                pixels, kernels.Constant<TArgs>("most_input_halo"));
            if (tile is not { } t || taps * taps > kernels.Constant<TArgs>("most_taps"))
                return null;
            return new InputGradTiles<TArgs>(kernels, g, t,
                new Grid(t.Tiles(g.N, pixels), Blocks(g.I, channels), checked((uint)(g.Stride * g.Stride))), arguments);
        }

        public override void Launch(in BinaryConvInputGradOperands operands) =>
            _kernels.Launch(_arguments(operands, _g, _tile), _grid);
    }

    /// <summary>A block a slice of the pixels, for 16 or 32 filters and as many channels of x; then the slices are added up.</summary>
    private sealed class WeightGradTiles<[DynamicallyAccessedMembers(KernelLayout.Needed)] TArgs> : Plan<WeightGradOperands>
        where TArgs : unmanaged, IKernelArgs
    {
        // Blocks enough for the largest GPU, two a multiprocessor; more slices would only be more partial sums.
        private const uint EnoughBlocks = 264;

        private readonly CudaKernels _kernels;
        private readonly ConvGeometryArgument _g;
        private readonly PixelTileArgument _tile;
        private readonly uint _tiles, _weights;
        private readonly FixedSlices _slices;
        private readonly Grid _grid;
        private readonly Func<WeightGradOperands, ConvGeometryArgument, PixelTileArgument, uint, uint, TArgs> _arguments;

        private WeightGradTiles(CudaKernels kernels, in ConvGeometry g, PixelTileArgument tile, uint tiles, uint channels,
            Func<WeightGradOperands, ConvGeometryArgument, PixelTileArgument, uint, uint, TArgs> arguments)
        {
            (_kernels, _g, _tile, _tiles, _arguments) = (kernels, new(g), tile, tiles, arguments);
            _weights = checked((uint)g.Weight.Count);
            uint across = Blocks(g.I, channels), down = Blocks(g.O, channels);
            _slices = FixedSlices.Of(tiles, 1, (int)Math.Max(1, EnoughBlocks / (across * down)));
            _grid = new Grid(across, down, _slices.Count);
        }

        public override long ScratchBytes => (long)_slices.Count * _weights * sizeof(float);

        public static Plan<WeightGradOperands>? For(CudaKernels kernels, in ConvGeometry g, uint channels,
            Func<WeightGradOperands, ConvGeometryArgument, PixelTileArgument, uint, uint, TArgs> arguments)
        {
            uint pixels = kernels.Constant<TArgs>("pixel_tile_log");
            return PixelTileArgument.For(g.OH, g.OW, g.Stride, g.K, pixels, kernels.Constant<TArgs>("most_weight_halo")) is { } tile
                ? new WeightGradTiles<TArgs>(kernels, g, tile, tile.Tiles(g.N, pixels), channels, arguments) : null;
        }

        public override void Launch(in WeightGradOperands operands)
        {
            _kernels.Launch(_arguments(operands, _g, _tile, _tiles, _slices.Rows), _grid);
            _kernels.SumSlices(operands, _slices.Count, _weights);
        }
    }
}
