namespace ReSTE.Native.Devices.Cuda;

/// <summary>A stream; work still queued in it is finished before the driver lets go of it.</summary>
internal sealed class StreamHandle(PrimaryContextHandle context, nint value) : ContextHandle(context, value)
{
    /// <inheritdoc/>
    protected override CuResult Destroy(nint value) => CudaDriver.cuStreamDestroy(value);
}
