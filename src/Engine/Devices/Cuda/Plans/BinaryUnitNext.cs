using System.Runtime.CompilerServices;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// The struct <c>AppliedUnit</c> of the kernels, one parameter by value: the second half of a unit, or of a batch norm where Counts is
/// null.
/// </summary>
internal readonly record struct AppliedUnitArgument(Ptr<short> Counts, Ptr<float> X, Ptr<float> Scale, Ptr<float> Gamma, Ptr<float> Beta,
    Ptr<float> Mean, Ptr<float> Deviation, Ptr<float> Y, Ptr<uint> YBits, NormShortcutArgument Shortcut, uint Rectify, uint Evaluate,
    float Epsilon);

/// <summary>Arguments of <c>unit_next_mma</c>.</summary>
internal readonly record struct UnitNextMma(AppliedUnitArgument Applied, Ptr<uint> WBits, Ptr<float> Scale, Ptr<short> Counts,
    Ptr<ulong> Sums, Ptr<uint> Ticket, Ptr<float> Mean, Ptr<float> InvStd, Ptr<float> RunningMean, Ptr<float> RunningVariance,
    ConvGeometryArgument G, uint Images, double Momentum, float Epsilon) : IKernelArgs;

/// <summary>Arguments of <c>unit_next_mma_xor</c>.</summary>
internal readonly record struct UnitNextMmaXor(AppliedUnitArgument Applied, Ptr<uint> WBits, Ptr<float> Scale, Ptr<short> Counts,
    Ptr<ulong> Sums, Ptr<uint> Ticket, Ptr<float> Mean, Ptr<float> InvStd, Ptr<float> RunningMean, Ptr<float> RunningVariance,
    ConvGeometryArgument G, uint Images, double Momentum, float Epsilon) : IKernelArgs;

/// <summary>Arguments of <c>unit_next_mma_int8</c>.</summary>
internal readonly record struct UnitNextMmaInt8(AppliedUnitArgument Applied, Ptr<uint> WBits, Ptr<float> Scale, Ptr<short> Counts,
    Ptr<ulong> Sums, Ptr<uint> Ticket, Ptr<float> Mean, Ptr<float> InvStd, Ptr<float> RunningMean, Ptr<float> RunningVariance,
    ConvGeometryArgument G, uint Images, double Momentum, float Epsilon) : IKernelArgs;

/// <summary>A unit that does the second half of the one before: a block has whole images, and so all that its pixels read.</summary>
internal sealed partial class CudaKernels
{
    public bool TakesSecondHalf(in ConvGeometry g) => UnitOf(g) is { Images: > 0 };

    // As many as fill a block once; 0 where a block does not hold the filters, or there are too few blocks.
    private uint ImagesOfBlock(in ConvGeometry g)
    {
        uint filters = Constant<UnitNextMma>("xnor_filters"), words = (uint)(g.K * g.K * Bits.Words(g.I));
        if (!SuitsApply((uint)g.I) || g.O > Constant<UnitNextMma>("next_most_filters") || words > Constant<UnitNextMma>("next_most_words"))
            return 0;
        uint teams = g.O > filters ? 1u : Constant<UnitNextMma>("next_most_filters") / filters;
        uint images = Math.Max(1, teams * Constant<UnitNextMma>("xnor_pixels") / (uint)(g.OH * g.OW));
        return Blocks(g.N, images) >= forms.FewestImageBlocks ? images : 0;
    }

    private static AppliedUnitArgument? ToFinish(BinaryUnitArguments unit)
    {
        if (unit.UnitToFinish is { } u)
            return SecondHalfOf(u);
        if (unit.NormToFinish is var (n, shortcut, y, signs))
        {
            return new(default, Reals(n.X), default, RealsOrNull(n.Gamma), RealsOrNull(n.Beta), Reals(n.Mean), Reals(n.Deviation),
                Reals(y), Words(signs!), new(RealsOrNull(shortcut), 0, 0, 0), Flag(n.Rectify), Flag(n.EvaluationEpsilon != null),
                (float)(n.EvaluationEpsilon ?? 0));
        }
        return null;
    }

    private static AppliedUnitArgument SecondHalfOf(BinaryUnitArguments u) => new(new(u.Conv.Address), default, Reals(u.Scale),
        RealsOrNull(u.Gamma), RealsOrNull(u.Beta), Reals(u.Training ? u.Mean : u.RunningMean),
        Reals(u.Training ? u.InvStd : u.RunningVariance), u.StoresY ? Reals(u.Y) : default, Words(u.YSigns), ShortcutOf(u), Rectify: 1,
        Flag(!u.Training), (float)u.Settings.Epsilon);

    // Every form has the same arguments.
    private void LaunchUnitNext(in UnitConvMma c, in AppliedUnitArgument applied, uint images)
    {
        var args = new UnitNextMma(applied, c.WBits, c.Scale, c.Counts, c.Sums, c.Ticket, c.Mean, c.InvStd, c.RunningMean,
            c.RunningVariance, c.G, images, c.Momentum, c.Epsilon);
        var grid = new Grid(Blocks(c.G.N, images));
        switch (forms.Signs)
        {
            case SignForm.And:
                Launch(args, grid);
                break;
            case SignForm.Xor:
                Launch(Unsafe.BitCast<UnitNextMma, UnitNextMmaXor>(args), grid);
                break;
            default:
                Launch(Unsafe.BitCast<UnitNextMma, UnitNextMmaInt8>(args), grid);
                break;
        }
    }
}
