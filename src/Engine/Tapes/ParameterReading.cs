using ReSTE.Native.Devices;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Tapes;

/// <summary>
/// What the ops of a tape compute of the parameters alone, and where it stands: it lies in the workspace, and is computed again once a
/// parameter may have changed, or another tape has used the workspace.
/// </summary>
/// <param name="device">Which counts the changes.</param>
/// <param name="workspace">Where it lies.</param>
/// <param name="ops">Of the tape, in their order.</param>
internal sealed class ParameterReading(Device device, Slab workspace, IEnumerable<Op> ops)
{
    private readonly Op[] _ops = [.. ops.Where(op => op.ParameterTouches.Any())];
    private long _changes = -1;

    /// <summary>The ops that read parameters beforehand.</summary>
    public IReadOnlyList<Op> Ops => _ops;

    /// <summary>What they leave to the steps of a run.</summary>
    public IEnumerable<Tensor?> Left(IEnumerable<TapeStep> steps)
    {
        var touched = steps.SelectMany(step => step.Touches).OfType<Tensor>().Select(t => t.Root).ToHashSet();
        return _ops.SelectMany(op => op.ParameterTouches).Where(t => t != null && touched.Contains(t.Root));
    }

    /// <summary>Called before each run: has the ops read the parameters where what they left is not there, or no longer true.</summary>
    public void Refresh(IKernels kernels)
    {
        bool isThere = workspace.LastUser == this && _changes == device.Changes;
        workspace.LastUser = this;
        if (isThere)
            return;
        foreach (Op op in _ops)
            op.ReadParameters(kernels);
        _changes = device.Changes;
    }
}
