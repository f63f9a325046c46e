using System.Globalization;
using System.Runtime.CompilerServices;
using ReSTE.Native.Operations;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>The struct <c>UnitWeightGrad</c> of the kernels: a unit of the launch, and its blocks in the grid.</summary>
internal readonly record struct UnitWeightGradArgument(Ptr<float> Dy, Ptr<short> Counts, Ptr<float> Scale, Ptr<float> Gamma,
    Ptr<float> Mean, Ptr<float> InvStd, Ptr<float> Dgamma, Ptr<float> Dbeta, Ptr<uint> XBits, Ptr<float> Partial, ConvGeometryArgument G,
    PixelTileArgument Tile, uint Tiles, uint SliceTiles, uint FirstBlock, uint Across, uint Down)
{
    /// <summary>Slices of its sum.</summary>
    public uint Slices => CudaKernels.Blocks(Tiles, SliceTiles);
}

/// <summary>The struct <c>UnitWeightGrads</c> of the kernels, one parameter by value.</summary>
[InlineArray(Most)]
internal struct UnitWeightGradsArgument
{
    /// <summary>Units of a launch at most.</summary>
    public const int Most = 16;

    private UnitWeightGradArgument _first;

    /// <summary>The sizes of the units, for messages.</summary>
    public override readonly string ToString()
    {
        var sizes = new List<string>();
        foreach (UnitWeightGradArgument unit in this)
        {
            if (unit.Tiles > 0)
                sizes.Add(string.Create(CultureInfo.InvariantCulture, $"{unit.G.ToGeometry()} in {unit.Slices}"));
        }

        return $"[{string.Join(", ", sizes)}]";
    }
}

/// <summary>Arguments of <c>unit_weight_grads_mma</c>.</summary>
internal readonly record struct UnitWeightGradsMma(UnitWeightGradsArgument Units, uint Count) : IKernelArgs;

/// <summary>
/// The weights' gradients of several units in one launch for every 16 of them. They share the blocks that fill a GPU, where a unit by
/// itself is cut into as many slices as there are blocks: more bytes written and read again than there are to read.
/// </summary>
internal sealed partial class CudaKernels : IBinaryUnitWeightGrads
{
    // Channels and filters of a block.
    private const uint WeightGradsWidth = 32;

    public bool GathersWeightGrad(in ConvGeometry g) => UnitOf(g) is { Gradients.GathersWeights: true };

    public IReadOnlyList<int> WeightGradSlices(IReadOnlyList<ConvGeometry> units) =>
        [.. units.Chunk(UnitWeightGradsArgument.Most).SelectMany(DealOut).Select(share => (int)share.Slices.Count)];

    public void BinaryUnitWeightGrads(IReadOnlyList<BinaryUnitArguments> units)
    {
        foreach (BinaryUnitArguments[] some in units.Chunk(UnitWeightGradsArgument.Most))
        {
            var table = new UnitWeightGradsArgument();
            uint first = 0;
            foreach (var (i, share) in DealOut([.. some.Select(unit => unit.Geometry)]).Index())
            {
                table[i] = Argument(some[i], share, first);
                first += share.Blocks * share.Slices.Count;
            }

            Launch(new UnitWeightGradsMma(table, (uint)some.Length), new Grid(first));
        }
    }

    private static UnitWeightGradArgument Argument(BinaryUnitArguments u, in UnitShare share, uint first) => new(
        Reals(u.Dy!), new(u.Conv.Address), Reals(u.Scale), RealsOrNull(u.Gamma), Reals(u.Mean), Reals(u.InvStd), Reals(u.DGamma!),
        Reals(u.DBeta!), Words(u.XSigns), Reals(u.DSlices!), new(u.Geometry), share.Tile, share.Tiles, share.Slices.Rows, first,
        share.Across, share.Down);

    private UnitShare[] DealOut(ConvGeometry[] units)
    {
        uint pixels = Constant<UnitWeightGradsMma>("pixel_tile_log"), halo = Constant<UnitWeightGradsMma>("most_weight_halo");
        return UnitShare.Of([.. units.Select(g =>
        {
            PixelTileArgument tile = PixelTileArgument.For(g.OH, g.OW, g.Stride, g.K, pixels, halo)!.Value;
            return new UnitShare(tile, tile.Tiles(g.N, pixels), Blocks(g.I, WeightGradsWidth), Blocks(g.O, WeightGradsWidth), default);
        })]);
    }
}

/// <summary>What a unit has of a launch for several.</summary>
/// <param name="Tile">A block's pixels.</param>
/// <param name="Tiles">How many of them there are.</param>
/// <param name="Across">Blocks that take one of them, each some channels of x.</param>
/// <param name="Down">And some filters.</param>
/// <param name="Slices">Of the tiles.</param>
internal readonly record struct UnitShare(PixelTileArgument Tile, uint Tiles, uint Across, uint Down, FixedSlices Slices)
{
    // As WeightGradTiles has it, here for all units.
    private const uint EnoughBlocks = 264;

    /// <summary>Blocks of a slice.</summary>
    public uint Blocks => Across * Down;

    /// <summary>
    /// The units with their slices: all of about one length, the shortest of which there are no more blocks than fill a GPU, so that all
    /// blocks have done at about the same time. At least one a unit.
    /// </summary>
    public static UnitShare[] Of(IReadOnlyList<UnitShare> units)
    {
        long work = units.Sum(unit => (long)unit.Tiles * unit.Blocks);
        for (long length = Math.Max(1, work / EnoughBlocks); ; length++)
        {
            UnitShare[] shares = [.. units.Select(unit => unit.InSlicesOf(length))];
            if (shares.Sum(share => share.Slices.Count * (long)share.Blocks) <= EnoughBlocks || shares.All(s => s.Slices.Count == 1))
                return shares;
        }
    }

    // At most as long, and alike.
    private UnitShare InSlicesOf(long length) =>
        this with { Slices = FixedSlices.Of(Tiles, 1, checked((int)((Tiles + length - 1) / length))) };
}
