using System.Diagnostics.CodeAnalysis;
using ReSTE.Native.Operations;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// An input gradient on tensor cores: tiles of 128 pixels of one phase of the stride, dealt out to the blocks, and of each 16, 32 or 64
/// channels of x. For dy of a multiple of 16 channels and x of a multiple of 8.
/// </summary>
internal sealed class InputGradTiles<TOperands, [DynamicallyAccessedMembers(KernelLayout.Needed)] TArgs> : Plan<TOperands>
    where TArgs : unmanaged, IKernelArgs
{
    // Blocks that the largest GPU has room for at once; a fixed number, so that sums are cut alike everywhere. The widest ones are larger.
    private const uint MostBlocks = 528, MostWideBlocks = 264, Wide = 64;

    private readonly CudaKernels _kernels;
    private readonly ConvGeometryArgument _g;
    private readonly PixelTileArgument _tile;
    private readonly Grid _grid;
    private readonly uint _tiles;
    private readonly Func<TOperands, ConvGeometryArgument, PixelTileArgument, uint, TArgs> _arguments;

    private InputGradTiles(CudaKernels kernels, in ConvGeometry g, PixelTileArgument tile, uint tiles, Grid grid,
        Func<TOperands, ConvGeometryArgument, PixelTileArgument, uint, TArgs> arguments) =>
        (_kernels, _g, _tile, _tiles, _grid, _arguments) = (kernels, new(g), tile, tiles, grid, arguments);

    /// <summary>Blocks that give partial sums of the unit before.</summary>
    public override int Slices => (int)(_grid.X * _grid.Z);

    /// <summary>The plan, or null where the convolution does not suit it.</summary>
    public static Plan<TOperands>? For(CudaKernels kernels, in ConvGeometry g, uint channels,
        Func<TOperands, ConvGeometryArgument, PixelTileArgument, uint, TArgs> arguments)
    {
        if (!kernels.HasTensorCores || g.O % 16 != 0 || g.I % 8 != 0)
            return null;
        int taps = (g.K + g.Stride - 1) / g.Stride;
        uint pixels = kernels.Constant<TArgs>("pixel_tile_log");
        PixelTileArgument? tile = PixelTileArgument.For((g.H + g.Stride - 1) / g.Stride, (g.W + g.Stride - 1) / g.Stride, 1, taps,
            pixels, kernels.Constant<TArgs>("most_input_halo"));
        if (tile is not { } t || taps * taps > kernels.Constant<TArgs>("most_taps"))
            return null;
        uint tiles = t.Tiles(g.N, pixels), across = CudaKernels.Blocks(g.I, channels), phases = checked((uint)(g.Stride * g.Stride));
        uint most = Math.Max(1, (channels == Wide ? MostWideBlocks : MostBlocks) / (across * phases));
        return new InputGradTiles<TOperands, TArgs>(kernels, g, t, tiles, new Grid(Math.Min(tiles, most), across, phases), arguments);
    }

    public override void Launch(in TOperands operands) =>
        _kernels.Launch(_arguments(operands, _g, _tile, _tiles), _grid);
}
