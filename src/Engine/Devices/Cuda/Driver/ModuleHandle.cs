namespace ReSTE.Native.Devices.Cuda;

/// <summary>A loaded kernel image; its functions live as long as it does.</summary>
internal sealed class ModuleHandle(PrimaryContextHandle context, nint value) : ContextHandle(context, value)
{
    /// <inheritdoc/>
    protected override CuResult Destroy(nint value) => CudaDriver.cuModuleUnload(value);
}
