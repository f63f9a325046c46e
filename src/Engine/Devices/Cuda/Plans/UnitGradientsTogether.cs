using ReSTE.Native.Operations;
using static ReSTE.Native.Devices.Cuda.CudaKernels;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>unit_gradients_mma</c>.</summary>
internal readonly record struct UnitGradientsMma(Ptr<float> Dy, Ptr<short> Counts, Ptr<float> Scale, Ptr<float> Gamma, Ptr<float> Mean,
    Ptr<float> InvStd, Ptr<float> Dgamma, Ptr<float> Dbeta, Ptr<uint> WBits, Ptr<float> X, Ptr<uint> XBits, Ptr<float> SlopeParameters,
    Ptr<float> Dx, Ptr<float> Partial, PreviousUnitArgument Previous, PaddedGradientArgument Padded, ConvGeometryArgument G,
    PixelTileArgument Tile, uint Tiles, uint SlopeKind, uint Mode) : IKernelArgs;

/// <summary>
/// Both in one launch, which reads dy once: for 16 filters of 3 x 3 over at most 16 channels, of stride 1, where the image keeps its size.
/// </summary>
internal sealed class UnitGradientsTogether : UnitGradients
{
    private const int Channels = 16;

    private readonly CudaKernels _kernels;
    private readonly Plan<BinaryUnitArguments> _tiles;
    private readonly uint _weights;
    private readonly long _sumBytes;

    private UnitGradientsTogether(CudaKernels kernels, in ConvGeometry g)
    {
        _kernels = kernels;
        _weights = checked((uint)g.Weight.Count);
        _tiles = InputGradTiles<BinaryUnitArguments, UnitGradientsMma>.For(kernels, g, Channels, Arguments)!;
        _sumBytes = UnitSumBytes(g, SumBlocks);
    }

    public override int WeightSlices => _tiles.Slices;

    public override int SumBlocks => _tiles.Slices;

    /// <summary>The way for a geometry that suits it; null for others.</summary>
    public static UnitGradientsTogether? Of(CudaKernels kernels, in ConvGeometry g) =>
        kernels.HasTensorCores && g is { K: 3, Stride: 1, Padding: 1, O: Channels, I: 8 or Channels } ? new(kernels, g) : null;

    // Sums of the unit before and slices are written by the same launch.
    public override long ScratchBytes => _sumBytes + (long)WeightSlices * _weights * sizeof(float);

    public override void Launch(BinaryUnitArguments unit)
    {
        _tiles.Launch(unit);
        if (unit.DSlices == null)
            _kernels.SumSlices(Partial(unit), unit.DSigns!, GradMode.Write, (uint)WeightSlices, _weights);
    }

    private Ptr<float> Partial(BinaryUnitArguments u) =>
        u.DSlices is { } slices ? new(slices.Address) : new(u.BackwardScratch!.Address + (nint)_sumBytes);

    private UnitGradientsMma Arguments(BinaryUnitArguments u, ConvGeometryArgument g, PixelTileArgument tile, uint tiles) => new(
        Reals(u.Dy!), new(u.Conv.Address), Reals(u.Scale), RealsOrNull(u.Gamma), Reals(u.Mean), Reals(u.InvStd), Reals(u.DGamma!),
        Reals(u.DBeta!), Words(u.WSigns), XOrNull(u), Words(u.XSigns), Reals(u.SlopeParameters), RealsOrNull(u.Dx), Partial(u),
        PreviousOf(_kernels, u), PaddedOf(u), g, tile, tiles, (uint)u.Slope.Number, (uint)u.DxMode);
}
