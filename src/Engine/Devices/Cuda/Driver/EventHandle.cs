namespace ReSTE.Native.Devices.Cuda;

/// <summary>An event.</summary>
internal sealed class EventHandle(PrimaryContextHandle context, nint value) : ContextHandle(context, value)
{
    /// <inheritdoc/>
    protected override CuResult Destroy(nint value) => CudaDriver.cuEventDestroy(value);
}
