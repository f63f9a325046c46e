using System.Diagnostics.CodeAnalysis;
using ReSTE.Native.Operations;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// A weight gradient on tensor cores: a block a slice of the pixels, for 16 or 32 filters and as many channels of x; then the slices are
/// added up. For 3 x 3 filters and x of a multiple of 8 channels.
/// </summary>
internal sealed class WeightGradTiles<TOperands, [DynamicallyAccessedMembers(KernelLayout.Needed)] TArgs> : Plan<TOperands>
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
    private readonly Func<TOperands, WeightGradOperands> _sum;
    private readonly Func<TOperands, ConvGeometryArgument, PixelTileArgument, uint, uint, TArgs> _arguments;

    private WeightGradTiles(CudaKernels kernels, in ConvGeometry g, PixelTileArgument tile, uint tiles, uint channels,
        Func<TOperands, WeightGradOperands> sum, Func<TOperands, ConvGeometryArgument, PixelTileArgument, uint, uint, TArgs> arguments)
    {
        (_kernels, _g, _tile, _tiles, _sum, _arguments) = (kernels, new(g), tile, tiles, sum, arguments);
        _weights = checked((uint)g.Weight.Count);
        uint across = CudaKernels.Blocks(g.I, channels), down = CudaKernels.Blocks(g.O, channels);
        _slices = FixedSlices.Of(tiles, 1, (int)Math.Max(1, EnoughBlocks / (across * down)));
        _grid = new Grid(across, down, _slices.Count);
    }

    public override int Slices => (int)_slices.Count;

    public override long ScratchBytes => (long)_slices.Count * _weights * sizeof(float);

    /// <summary>The plan, or null where the convolution does not suit it.</summary>
    public static Plan<TOperands>? For(CudaKernels kernels, in ConvGeometry g, uint channels,
        Func<TOperands, WeightGradOperands> sum, Func<TOperands, ConvGeometryArgument, PixelTileArgument, uint, uint, TArgs> arguments)
    {
        if (!kernels.HasTensorCores || g.K != 3 || g.I % 8 != 0)
            return null;
        uint pixels = kernels.Constant<TArgs>("pixel_tile_log");
        return PixelTileArgument.For(g.OH, g.OW, g.Stride, g.K, pixels, kernels.Constant<TArgs>("most_weight_halo")) is { } tile
            ? new WeightGradTiles<TOperands, TArgs>(kernels, g, tile, tile.Tiles(g.N, pixels), channels, sum, arguments) : null;
    }

    public override void Launch(in TOperands operands)
    {
        _kernels.Launch(_arguments(operands, _g, _tile, _tiles, _slices.Rows), _grid);
        _kernels.SumSlices(_sum(operands), _slices.Count, _weights);
    }
}
