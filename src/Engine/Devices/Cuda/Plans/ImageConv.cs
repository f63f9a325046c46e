using System.Diagnostics.CodeAnalysis;
using ReSTE.Native.Operations;
using static ReSTE.Native.Devices.Cuda.CudaKernels;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>image_conv</c>.</summary>
internal readonly record struct ImageConv(Ptr<float> X, Ptr<float> W, Ptr<float> Y, Ptr<double> Partial, Ptr<uint> Tickets, Ptr<float> Mean,
    Ptr<float> InvStd, Ptr<float> RunningMean, Ptr<float> RunningVariance, ConvGeometryArgument G, PixelTileArgument Tile, uint Tiles,
    uint Rectify, double Momentum, float Epsilon) : IKernelArgs;

/// <summary>Arguments of <c>image_conv_weight_grad</c>.</summary>
internal readonly record struct ImageConvWeightGrad(Ptr<float> Dy, Ptr<float> X, Ptr<float> Partial, ConvGeometryArgument G,
    PixelTileArgument Tile, uint Tiles) : IKernelArgs;

/// <summary>Arguments of <c>image_conv_weight_grad_of_norm</c>.</summary>
internal readonly record struct ImageConvWeightGradOfNorm(Ptr<float> Dy, Ptr<float> Y, Ptr<float> Gamma, Ptr<float> Mean,
    Ptr<float> InvStd, Ptr<float> Dgamma, Ptr<float> Dbeta, Ptr<float> X, Ptr<float> Partial, ConvGeometryArgument G,
    PixelTileArgument Tile, uint Tiles, uint Rectify) : IKernelArgs;

/// <summary>
/// A first convolution in tiles of the image: 3 x 3 of three channels to a multiple of 16. In single precision, as the plain kernels.
/// </summary>
/// <param name="Tile">Pixels that are taken together.</param>
/// <param name="Tiles">How many of them there are.</param>
internal readonly record struct ImageTiles(PixelTileArgument Tile, uint Tiles)
{
    // Enough for the largest GPU; a fixed number, so that sums are cut alike everywhere.
    private const uint EnoughBlocks = 528;

    /// <summary>For a geometry; null where it does not suit, or plain kernels are asked for.</summary>
    public static ImageTiles? For<[DynamicallyAccessedMembers(KernelLayout.Needed)] TArgs>(CudaKernels kernels, in ConvGeometry g)
        where TArgs : unmanaged, IKernelArgs
    {
        if (kernels.Forms.Plain || g is not { I: 3, K: 3 } || g.O % kernels.Constant<TArgs>("image_conv_outputs") != 0)
            return null;
        uint pixels = kernels.Constant<TArgs>("pixel_tile_log");
        return PixelTileArgument.For(g.OH, g.OW, g.Stride, g.K, pixels, kernels.Constant<TArgs>("most_image_halo")) is { } tile
            ? new(tile, tile.Tiles(g.N, pixels)) : null;
    }

    /// <summary>Blocks that take a number of tiles at a time, by the groups of channels.</summary>
    public Grid Blocks(uint tilesAtOnce, uint groups) =>
        new(Math.Min(CudaKernels.Blocks(Tiles, tilesAtOnce), Math.Max(1, EnoughBlocks / tilesAtOnce / groups)), groups);
}

/// <summary>Forward.</summary>
internal sealed class ImageConvPlan(CudaKernels kernels, in ConvGeometry g, ImageTiles tiles) : Plan<ConvOperands>
{
    private readonly ConvGeometryArgument _g = new(g);
    private readonly Grid _grid = tiles.Blocks(
        kernels.Constant<ImageConv>("image_conv_tiles"), Blocks(g.O, kernels.Constant<ImageConv>("image_conv_outputs")));

    /// <summary>The plan, or null where the convolution does not suit it.</summary>
    public static Plan<ConvOperands>? For(CudaKernels kernels, in ConvGeometry g) =>
        ImageTiles.For<ImageConv>(kernels, g) is { } tiles ? new ImageConvPlan(kernels, g, tiles) : null;

    /// <summary>Blocks that give partial sums of y.</summary>
    public override int Slices => (int)_grid.X;

    public override void Launch(in ConvOperands o)
    {
        var conv = new ImageConv(Reals(o.X), Reals(o.W), Reals(o.Y), default, default, default, default, default, default, _g, tiles.Tile,
            tiles.Tiles, 0, 0, 0);
        if (o.Statistics is { } s)
        {
            conv = conv with
            {
                Partial = Doubles(s.Scratch),
                Tickets = kernels.TicketsOf(_g.O),
                Mean = Reals(s.Mean),
                InvStd = Reals(s.InvStd),
                RunningMean = Reals(s.RunningMean),
                RunningVariance = Reals(s.RunningVariance),
                Rectify = Flag(s.Rectify),
                Momentum = s.Settings.Momentum,
                Epsilon = (float)s.Settings.Epsilon,
            };
        }
        kernels.Launch(conv, _grid);
    }
}

/// <summary>The weight gradient: a block some tiles, then the blocks' sums are added up.</summary>
internal sealed class ImageConvWeightGradPlan<[DynamicallyAccessedMembers(KernelLayout.Needed)] TArgs> : Plan<WeightGradOperands>
    where TArgs : unmanaged, IKernelArgs
{
    private readonly CudaKernels _kernels;
    private readonly ConvGeometryArgument _g;
    private readonly ImageTiles _tiles;
    private readonly Grid _grid;
    private readonly uint _weights;
    private readonly Func<WeightGradOperands, ConvGeometryArgument, ImageTiles, TArgs> _arguments;

    private ImageConvWeightGradPlan(CudaKernels kernels, in ConvGeometry g, ImageTiles tiles,
        Func<WeightGradOperands, ConvGeometryArgument, ImageTiles, TArgs> arguments)
    {
        (_kernels, _g, _tiles, _arguments) = (kernels, new(g), tiles, arguments);
        _weights = checked((uint)g.Weight.Count);
        _grid = tiles.Blocks(1, Blocks(g.O, kernels.Constant<TArgs>("image_conv_outputs")));
    }

    public override long ScratchBytes => (long)_grid.X * _weights * sizeof(float);

    /// <summary>The plan, or null where the convolution does not suit it.</summary>
    public static Plan<WeightGradOperands>? For(CudaKernels kernels, in ConvGeometry g,
        Func<WeightGradOperands, ConvGeometryArgument, ImageTiles, TArgs> arguments) =>
        ImageTiles.For<TArgs>(kernels, g) is { } tiles ? new ImageConvWeightGradPlan<TArgs>(kernels, g, tiles, arguments) : null;

    public override void Launch(in WeightGradOperands operands)
    {
        _kernels.Launch(_arguments(operands, _g, _tiles), _grid);
        _kernels.SumSlices(operands, _grid.X, _weights);
    }
}
