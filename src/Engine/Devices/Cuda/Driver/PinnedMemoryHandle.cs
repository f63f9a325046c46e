namespace ReSTE.Native.Devices.Cuda;

/// <summary>A block of page-locked host memory.</summary>
internal sealed class PinnedMemoryHandle(PrimaryContextHandle context, nint value) : ContextHandle(context, value)
{
    /// <inheritdoc/>
    protected override CuResult Destroy(nint value) => CudaDriver.cuMemFreeHost(value);
}
