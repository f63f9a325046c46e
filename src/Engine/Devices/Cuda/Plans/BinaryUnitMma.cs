using ReSTE.Native.Operations;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>The struct <c>PreviousUnit</c> of the kernels, one parameter by value: nulls where there is none.</summary>
internal readonly record struct PreviousUnitArgument(Ptr<short> Counts, Ptr<float> Scale, Ptr<float> Gamma, Ptr<float> Beta,
    Ptr<float> Mean, Ptr<float> InvStd, Ptr<double> Partial, Ptr<uint> Tickets, Ptr<float> Dgamma, Ptr<float> Dbeta);

/// <summary>
/// The struct <c>PaddedGradient</c> of the kernels, one parameter by value: null where there is none, channels 0 where it is not padded.
/// </summary>
internal readonly record struct PaddedGradientArgument(Ptr<float> Dy, uint Channels);

/// <summary>Arguments of <c>unit_input_grad_mma16</c>.</summary>
internal readonly record struct UnitInputGradMma16(Ptr<float> Dy, Ptr<short> Counts, Ptr<float> Scale, Ptr<float> Gamma, Ptr<float> Mean,
    Ptr<float> InvStd, Ptr<float> Dgamma, Ptr<float> Dbeta, Ptr<uint> WBits, Ptr<float> X, Ptr<float> SlopeParameters, Ptr<float> Dx,
    PreviousUnitArgument Previous, PaddedGradientArgument Padded, ConvGeometryArgument G, PixelTileArgument Tile, uint Tiles,
    uint SlopeKind, uint Mode) : IKernelArgs;

/// <summary>Arguments of <c>unit_input_grad_mma32</c>.</summary>
internal readonly record struct UnitInputGradMma32(Ptr<float> Dy, Ptr<short> Counts, Ptr<float> Scale, Ptr<float> Gamma, Ptr<float> Mean,
    Ptr<float> InvStd, Ptr<float> Dgamma, Ptr<float> Dbeta, Ptr<uint> WBits, Ptr<float> X, Ptr<float> SlopeParameters, Ptr<float> Dx,
    PreviousUnitArgument Previous, PaddedGradientArgument Padded, ConvGeometryArgument G, PixelTileArgument Tile, uint Tiles,
    uint SlopeKind, uint Mode) : IKernelArgs;

/// <summary>Arguments of <c>unit_input_grad_mma64</c>.</summary>
internal readonly record struct UnitInputGradMma64(Ptr<float> Dy, Ptr<short> Counts, Ptr<float> Scale, Ptr<float> Gamma, Ptr<float> Mean,
    Ptr<float> InvStd, Ptr<float> Dgamma, Ptr<float> Dbeta, Ptr<uint> WBits, Ptr<float> X, Ptr<float> SlopeParameters, Ptr<float> Dx,
    PreviousUnitArgument Previous, PaddedGradientArgument Padded, ConvGeometryArgument G, PixelTileArgument Tile, uint Tiles,
    uint SlopeKind, uint Mode) : IKernelArgs;

/// <summary>Arguments of <c>unit_weight_grad_mma16</c>.</summary>
internal readonly record struct UnitWeightGradMma16(Ptr<float> Dy, Ptr<short> Counts, Ptr<float> Scale, Ptr<float> Gamma, Ptr<float> Mean,
    Ptr<float> InvStd, Ptr<float> Dgamma, Ptr<float> Dbeta, Ptr<uint> XBits, Ptr<float> Partial, ConvGeometryArgument G,
    PixelTileArgument Tile, uint Tiles, uint SliceTiles) : IKernelArgs;

/// <summary>Arguments of <c>unit_weight_grad_mma32</c>.</summary>
internal readonly record struct UnitWeightGradMma32(Ptr<float> Dy, Ptr<short> Counts, Ptr<float> Scale, Ptr<float> Gamma, Ptr<float> Mean,
    Ptr<float> InvStd, Ptr<float> Dgamma, Ptr<float> Dbeta, Ptr<uint> XBits, Ptr<float> Partial, ConvGeometryArgument G,
    PixelTileArgument Tile, uint Tiles, uint SliceTiles) : IKernelArgs;

/// <summary>The gradients of a binary unit on tensor cores, where its channels suit: each choice is null where they do not.</summary>
internal sealed partial class CudaKernels
{
    internal static Plan<BinaryUnitArguments>? UnitInputGrad(CudaKernels kernels, in ConvGeometry g) =>
        g.I switch
        {
            <= 16 => InputGradTiles<BinaryUnitArguments, UnitInputGradMma16>.For(kernels, g, 16, (o, geometry, tile, tiles) =>
                new(Reals(o.Dy!), new(o.Conv.Address), Reals(o.Scale), RealsOrNull(o.Gamma), Reals(o.Mean), Reals(o.InvStd),
                    Reals(o.DGamma!), Reals(o.DBeta!), Words(o.WSigns), XOrNull(o), Reals(o.SlopeParameters), Reals(o.Dx!),
                    PreviousOf(kernels, o), PaddedOf(o), geometry, tile, tiles, (uint)o.Slope.Number, (uint)o.DxMode)),
            <= 32 => InputGradTiles<BinaryUnitArguments, UnitInputGradMma32>.For(kernels, g, 32, (o, geometry, tile, tiles) =>
                new(Reals(o.Dy!), new(o.Conv.Address), Reals(o.Scale), RealsOrNull(o.Gamma), Reals(o.Mean), Reals(o.InvStd),
                    Reals(o.DGamma!), Reals(o.DBeta!), Words(o.WSigns), XOrNull(o), Reals(o.SlopeParameters), Reals(o.Dx!),
                    PreviousOf(kernels, o), PaddedOf(o), geometry, tile, tiles, (uint)o.Slope.Number, (uint)o.DxMode)),
            _ => InputGradTiles<BinaryUnitArguments, UnitInputGradMma64>.For(kernels, g, 64, (o, geometry, tile, tiles) =>
                new(Reals(o.Dy!), new(o.Conv.Address), Reals(o.Scale), RealsOrNull(o.Gamma), Reals(o.Mean), Reals(o.InvStd),
                    Reals(o.DGamma!), Reals(o.DBeta!), Words(o.WSigns), XOrNull(o), Reals(o.SlopeParameters), Reals(o.Dx!),
                    PreviousOf(kernels, o), PaddedOf(o), geometry, tile, tiles, (uint)o.Slope.Number, (uint)o.DxMode)),
        };

    internal static Plan<BinaryUnitArguments>? UnitWeightGrad(CudaKernels kernels, in ConvGeometry g) =>
        g.I >= 32 && g.O >= 32
            ? WeightGradTiles<BinaryUnitArguments, UnitWeightGradMma32>.For(kernels, g, 32, Slices, (o, geometry, tile, tiles, slice) =>
                new(Reals(o.Dy!), new(o.Conv.Address), Reals(o.Scale), RealsOrNull(o.Gamma), Reals(o.Mean), Reals(o.InvStd),
                    Reals(o.DGamma!), Reals(o.DBeta!), Words(o.XSigns), Reals(o.DSlices ?? o.BackwardScratch!), geometry, tile,
                    tiles, slice))
            : WeightGradTiles<BinaryUnitArguments, UnitWeightGradMma16>.For(kernels, g, 16, Slices, (o, geometry, tile, tiles, slice) =>
                new(Reals(o.Dy!), new(o.Conv.Address), Reals(o.Scale), RealsOrNull(o.Gamma), Reals(o.Mean), Reals(o.InvStd),
                    Reals(o.DGamma!), Reals(o.DBeta!), Words(o.XSigns), Reals(o.DSlices ?? o.BackwardScratch!), geometry, tile,
                    tiles, slice));

    internal static Ptr<float> XOrNull(BinaryUnitArguments u) => u.StoresX ? Reals(u.X) : default;

    internal static PaddedGradientArgument PaddedOf(BinaryUnitArguments u) =>
        u.DPadded is { } dy ? new(Reals(dy), Channels(dy)) : new(RealsOrNull(u.DShortcut), 0);

    internal static PreviousUnitArgument PreviousOf(CudaKernels kernels, BinaryUnitArguments u)
    {
        if (u.Previous is not { } previous)
            return default;
        var known = new PreviousUnitArgument(new(previous.Conv.Address), Reals(previous.Scale), RealsOrNull(previous.Gamma),
            RealsOrNull(previous.Beta), Reals(previous.Mean), Reals(previous.InvStd), default, default, default, default);
        return !u.GivesSums ? known : known with
        {
            Partial = Doubles(u.BackwardScratch!),
            Tickets = kernels.Common.Tickets,
            Dgamma = Reals(previous.DGamma!),
            Dbeta = Reals(previous.DBeta!),
        };
    }

    // Where the slices of a unit's weight gradient go.
    private static WeightGradOperands Slices(BinaryUnitArguments u) =>
        new(u.Dy!, u.XSigns, u.DSlices == null ? u.DSigns : null, GradMode.Write, u.DSlices ?? u.BackwardScratch);
}
