using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

/// <summary>
/// The oracle: every operation in naive loops in double precision. Slow, and the definition of what the other devices compute.
/// </summary>
public sealed class ReferenceDevice : HostMemoryDevice
{
    /// <inheritdoc/>
    public override string Name => "reference";

    /// <inheritdoc/>
    public override string Description => "reference: naive loops in double precision";

    /// <inheritdoc/>
    internal override ElementType Real => ElementType.Float64;

    /// <inheritdoc/>
    internal override IKernels Kernels { get; } = new ReferenceKernels();

    /// <inheritdoc/>
    public override void Dispose()
    {
    }
}
