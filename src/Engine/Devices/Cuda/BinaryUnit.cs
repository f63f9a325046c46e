using System.Runtime.CompilerServices;
using ReSTE.Native.Operations;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>unit_conv_mma</c>.</summary>
internal readonly record struct UnitConvMma(Ptr<uint> XBits, Ptr<uint> WBits, Ptr<float> Scale, Ptr<short> Counts, Ptr<ulong> Sums,
    Ptr<uint> Ticket, Ptr<float> Mean, Ptr<float> InvStd, Ptr<float> RunningMean, Ptr<float> RunningVariance, ConvGeometryArgument G,
    double Momentum, float Epsilon) : IKernelArgs;

/// <summary>Arguments of <c>unit_conv_mma_xor</c>.</summary>
internal readonly record struct UnitConvMmaXor(Ptr<uint> XBits, Ptr<uint> WBits, Ptr<float> Scale, Ptr<short> Counts, Ptr<ulong> Sums,
    Ptr<uint> Ticket, Ptr<float> Mean, Ptr<float> InvStd, Ptr<float> RunningMean, Ptr<float> RunningVariance, ConvGeometryArgument G,
    double Momentum, float Epsilon) : IKernelArgs;

/// <summary>Arguments of <c>unit_conv_mma_int8</c>.</summary>
internal readonly record struct UnitConvMmaInt8(Ptr<uint> XBits, Ptr<uint> WBits, Ptr<float> Scale, Ptr<short> Counts, Ptr<ulong> Sums,
    Ptr<uint> Ticket, Ptr<float> Mean, Ptr<float> InvStd, Ptr<float> RunningMean, Ptr<float> RunningVariance, ConvGeometryArgument G,
    double Momentum, float Epsilon) : IKernelArgs;

/// <summary>The struct <c>NormShortcut</c> of the kernels, one parameter by value: channels 0 where it has the shape of y.</summary>
internal readonly record struct NormShortcutArgument(Ptr<float> Values, uint H, uint W, uint Channels);

/// <summary>Arguments of <c>unit_apply</c>.</summary>
internal readonly record struct UnitApply(Ptr<short> Counts, Ptr<float> Scale, Ptr<float> Gamma, Ptr<float> Beta,
    Ptr<float> Mean, Ptr<float> Deviation, Ptr<float> Y, Ptr<uint> YBits, NormShortcutArgument Shortcut, uint Rows, uint Channels,
    uint Evaluate, float Epsilon) : IKernelArgs;

/// <summary>Arguments of <c>unit_gradient_sums</c>.</summary>
internal readonly record struct UnitGradientSums(Ptr<float> Dy, Ptr<short> Counts, Ptr<float> Scale, Ptr<float> Mean, Ptr<float> InvStd,
    Ptr<double> Partial, Ptr<uint> Tickets, Ptr<float> Dgamma, Ptr<float> Dbeta, uint Rows, uint Channels) : IKernelArgs;

/// <summary>
/// The binary unit in two launches forward and one to three backward. The convolution is kept as 16-bit counts, in the memory of the
/// real one.
/// </summary>
internal sealed partial class CudaKernels : IBinaryUnit
{
    // Enough blocks for the largest GPU; a fixed number, so that sums are cut alike everywhere. Of sums that one block finishes fewer where
    // the channels are many.
    private const uint MostConvBlocks = 528, MostSumBlocks = 264, FewSumBlocks = 132;
    private const int FewSumChannels = 16;

    private readonly Dictionary<ConvGeometry, UnitPlan?> _units = [];

    public bool FusesUnit(in ConvGeometry g) => UnitOf(g) != null;

    public void BinaryUnitForward(BinaryUnitArguments u)
    {
        ConvGeometry g = u.Geometry;
        UnitPlan plan = UnitOf(g)!;
        uint rows = Rows(u.Y), channels = Channels(u.Y);
        var conv = new UnitConvMma(Words(u.XSigns), Words(u.WSigns), Reals(u.Scale), new(u.Conv.Address),
            u.Training ? common.Sums : default, common.Ticket, Reals(u.Mean), Reals(u.InvStd), Reals(u.RunningMean),
            Reals(u.RunningVariance), plan.G, u.Settings.Momentum, (float)u.Settings.Epsilon);
        if (ToFinish(u) is { } applied)
            LaunchUnitNext(conv, applied, plan.Images);
        else
            LaunchUnitConv(conv, new Grid(Math.Min(Blocks(rows, Constant<UnitConvMma>("xnor_pixels")), MostConvBlocks),
                Blocks(channels, Constant<UnitConvMma>("xnor_filters"))));
        if (u.LeavesSecondHalf)
            return;
        AppliedUnitArgument a = SecondHalfOf(u);
        Launch(new UnitApply(a.Counts, a.Scale, a.Gamma, a.Beta, a.Mean, a.Deviation, a.Y, a.YBits, a.Shortcut, rows, channels, a.Evaluate,
            a.Epsilon), UnitBlocks<UnitApply>(rows, channels, MostConvBlocks));
    }

    private static NormShortcutArgument ShortcutOf(BinaryUnitArguments u)
    {
        if (u.PaddedShortcut is not { } x)
            return new(RealsOrNull(u.Shortcut), 0, 0, 0);
        var (_, h, w, c) = Dimensions(x);
        return new(Reals(x), h, w, c);
    }

    public void BinaryUnitBackward(BinaryUnitArguments u)
    {
        UnitPlan plan = UnitOf(u.Geometry)!;
        if (!u.SumsAreGiven)
            SumUnitGradients(u);
        plan.Gradients.Launch(u);
    }

    // Every form has the same arguments.
    private void LaunchUnitConv(in UnitConvMma args, Grid grid)
    {
        switch (forms.Signs)
        {
            case SignForm.And:
                Launch(args, grid);
                break;
            case SignForm.Xor:
                Launch(Unsafe.BitCast<UnitConvMma, UnitConvMmaXor>(args), grid);
                break;
            default:
                Launch(Unsafe.BitCast<UnitConvMma, UnitConvMmaInt8>(args), grid);
                break;
        }
    }

    private void SumUnitGradients(BinaryUnitArguments u)
    {
        uint rows = Rows(u.Y), channels = Channels(u.Y);
        Launch(new UnitGradientSums(Reals(u.Dy!), new(u.Conv.Address), Reals(u.Scale), Reals(u.Mean), Reals(u.InvStd),
            Doubles(u.BackwardScratch!), common.Tickets, Reals(u.DGamma!), Reals(u.DBeta!), rows, channels),
            UnitBlocks<UnitGradientSums>(rows, channels, SumBlocks(channels)));
    }

    public int WeightGradSlices(in ConvGeometry g) => UnitOf(g)!.Gradients.WeightSlices;

    /// <summary>Bytes of partial sums of a unit's own batch norm, then of that of the unit before.</summary>
    /// <param name="g">The unit's convolution.</param>
    /// <param name="blocks">Blocks that give sums of the unit before.</param>
    internal static long UnitSumBytes(in ConvGeometry g, int blocks) =>
        2L * sizeof(double) * Math.Max(SumBlocks((uint)g.O) * g.O, blocks * (long)g.I);

    private long UnitSumBytes(in ConvGeometry g) => UnitSumBytes(g, UnitOf(g)!.Gradients.SumBlocks);

    private static uint SumBlocks(uint channels) => channels <= FewSumChannels ? MostSumBlocks : FewSumBlocks;

    /// <summary>Blocks of a kernel whose threads take four channels of a row each.</summary>
    private Grid UnitBlocks<TArgs>(uint rows, uint channels, uint most) where TArgs : unmanaged, IKernelArgs =>
        new(Math.Min(Blocks(rows, modules.Find<TArgs>().Block / (channels / 4)), most));

    private UnitPlan? UnitOf(in ConvGeometry g)
    {
        if (!_units.TryGetValue(g, out UnitPlan? plan))
            _units[g] = plan = Suits(g) ? UnitPlan.For(this, g, ImagesOfBlock(g)) : null;
        return plan;
    }

    // Sixteen channels, or words full of them that divide a block's threads; counts that sixteen bits and their sums hold. The gradients'
    // plans say the rest.
    private bool Suits(in ConvGeometry g) => SuitsXnor(g) && SuitsApply((uint)g.O)
        && g.K * g.K * g.I <= Constant<UnitConvMma>("unit_most_count");

    /// <summary>What the unit of one geometry is made of; Images a block where it does the second half of the one before, else 0.</summary>
    private sealed record UnitPlan(ConvGeometryArgument G, UnitGradients Gradients, uint Images)
    {
        public static UnitPlan? For(CudaKernels kernels, in ConvGeometry g, uint images) =>
            UnitGradients.For(kernels, g) is { } gradients ? new(new(g), gradients, images) : null;
    }
}
