namespace ReSTE.Native.Devices.Cuda;

/// <summary>A captured graph, the template of an executable one.</summary>
internal sealed class GraphHandle(PrimaryContextHandle context, nint value) : ContextHandle(context, value)
{
    /// <inheritdoc/>
    protected override CuResult Destroy(nint value) => CudaDriver.cuGraphDestroy(value);
}
