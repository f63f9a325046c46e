using ReSTE.Native.Operations;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>How the gradients of a unit's weights and of its input are found, once those of its batch norm are.</summary>
internal abstract class UnitGradients
{
    /// <summary>In how many slices the weights' gradient is left, where the unit asks for that.</summary>
    public abstract int WeightSlices { get; }

    /// <summary>Blocks that give partial sums of the unit before.</summary>
    public abstract int SumBlocks { get; }

    /// <summary>Bytes of working memory where the weights' gradient is added up here.</summary>
    public abstract long ScratchBytes { get; }

    /// <summary>As <see cref="IBinaryUnitWeightGrads.GathersWeightGrad"/>.</summary>
    public virtual bool GathersWeights => false;

    /// <summary>Asks for the launches.</summary>
    public abstract void Launch(BinaryUnitArguments unit);

    /// <summary>The way for a geometry; null where tensor cores do not suit it.</summary>
    public static UnitGradients? For(CudaKernels kernels, in ConvGeometry g) =>
        (UnitGradients?)UnitGradientsTogether.Of(kernels, g) ?? UnitGradientsApart.Of(kernels, g);
}

/// <summary>One launch after the other.</summary>
internal sealed class UnitGradientsApart(in ConvGeometry g, Plan<BinaryUnitArguments> weights, Plan<BinaryUnitArguments> input)
    : UnitGradients
{
    // What is kept: of a larger dy the slices are few bytes beside it, and a launch takes long.
    private const long MostKeptBytes = 8 << 20;
    private const int Channels = 32;

    private readonly long _sumBytes = CudaKernels.UnitSumBytes(g, input.Slices);

    public override int WeightSlices => weights.Slices;

    // A block takes 32 channels of each side: half of it may be idle, but not more.
    public override bool GathersWeights { get; } = g.Output.Count * sizeof(float) <= MostKeptBytes
        && Math.Max(g.I, g.O) >= Channels && Math.Min(g.I, g.O) >= Channels / 2;

    public override int SumBlocks => input.Slices;

    // The sums are added up before the slices are there, or after.
    public override long ScratchBytes => Math.Max(_sumBytes, weights.ScratchBytes);

    public static UnitGradientsApart? Of(CudaKernels kernels, in ConvGeometry g) =>
        CudaKernels.UnitWeightGrad(kernels, g) is { } weights && CudaKernels.UnitInputGrad(kernels, g) is { } input
            ? new(g, weights, input) : null;

    public override void Launch(BinaryUnitArguments unit)
    {
        if (!unit.LeavesWeights)
            weights.Launch(unit);
        if (unit.DxMode != GradMode.None)
            input.Launch(unit);
    }
}
