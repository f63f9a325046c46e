using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>An update of a share of the parameters; of a share that holds none it does nothing.</summary>
internal abstract class UpdateOp(ParameterSet parameters, ParameterShare share) : Op
{
    /// <summary>What holds them.</summary>
    protected ParameterSet Parameters => parameters;

    /// <summary>What is updated.</summary>
    protected ParameterShare Share => share;

    internal override string Layer => share == ParameterShare.All ? "parameters" : $"parameters, {share}".ToLowerInvariant();

    // While the tape is sealed they have no places yet, nor does it place them.
    internal override IEnumerable<Tensor?> ForwardTouches => parameters.HasMemory && parameters.Share(share) is { } flat
        ? [flat.Values, flat.Gradients, .. flat.States.Values] : [];

    public sealed override void Forward(IKernels kernels)
    {
        if (parameters.Share(share) is { } flat)
            Update(kernels, flat);
    }

    /// <summary>Updates the values by their gradients and what is kept for them.</summary>
    protected abstract void Update(IKernels kernels, FlatTensors flat);
}
