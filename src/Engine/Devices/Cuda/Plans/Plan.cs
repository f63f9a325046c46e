using ReSTE.Native.Operations;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// One way to do one operation for one geometry of a convolution: which kernel, with what grid and block, what is packed before it, how
/// much working memory it wants. Another kernel for the same operation is one more plan.
/// </summary>
/// <typeparam name="TOperands">What the operation reads and writes.</typeparam>
internal abstract class Plan<TOperands>
{
    /// <summary>Bytes of working memory; 0 for none.</summary>
    public virtual long ScratchBytes => 0;

    /// <summary>In how many slices sums are left in memory, where the operands ask for that; 0 where they cannot be.</summary>
    public virtual int Slices => 0;

    /// <summary>Asks for the operation's launches.</summary>
    public abstract void Launch(in TOperands operands);
}

/// <summary>
/// The plans of one operation, each chosen when the first convolution of its geometry is recorded. All that a choice may depend on are the
/// geometry and the GPU's capability, <see cref="CudaKernels.Gpu"/>: so it is the same in every run.
/// </summary>
/// <param name="choose">Chooses the plan for a geometry.</param>
internal sealed class PlanTable<TOperands>(Func<CudaKernels, ConvGeometry, Plan<TOperands>> choose)
{
    private readonly Dictionary<ConvGeometry, Plan<TOperands>> _plans = [];

    /// <summary>The plan for a geometry.</summary>
    public Plan<TOperands> For(CudaKernels kernels, in ConvGeometry g)
    {
        if (!_plans.TryGetValue(g, out Plan<TOperands>? plan))
            _plans[g] = plan = choose(kernels, g);
        return plan;
    }
}
