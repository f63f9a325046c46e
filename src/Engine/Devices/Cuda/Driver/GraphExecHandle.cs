namespace ReSTE.Native.Devices.Cuda;

/// <summary>An executable graph.</summary>
internal sealed class GraphExecHandle(PrimaryContextHandle context, nint value) : ContextHandle(context, value)
{
    /// <inheritdoc/>
    protected override CuResult Destroy(nint value) => CudaDriver.cuGraphExecDestroy(value);
}
