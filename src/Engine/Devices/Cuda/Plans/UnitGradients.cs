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
    private readonly long _sumBytes = CudaKernels.UnitSumBytes(g, input.Slices);

    public override int WeightSlices => weights.Slices;

    public override int SumBlocks => input.Slices;

    // The sums are added up before the slices are there, or after.
    public override long ScratchBytes => Math.Max(_sumBytes, weights.ScratchBytes);

    public static UnitGradientsApart? Of(CudaKernels kernels, in ConvGeometry g) =>
        CudaKernels.UnitWeightGrad(kernels, g) is { } weights && CudaKernels.UnitInputGrad(kernels, g) is { } input
            ? new(g, weights, input) : null;

    public override void Launch(BinaryUnitArguments unit)
    {
        weights.Launch(unit);
        if (unit.DxMode != GradMode.None)
            input.Launch(unit);
    }
}
