using ReSTE.Native.Messages;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// A GPU's primary context and its memory. Every method makes the context current on the calling thread, and leaves it so: code around the engine
/// may use other contexts, and any thread may call.
/// </summary>
internal sealed class CudaContext : IDisposable
{
    /// <summary>Opens a GPU. Throws <see cref="InvalidOperationException"/> with the inventory's reason where it cannot be used.</summary>
    internal CudaContext(int ordinal)
    {
        CudaInventory inventory = CudaDevices.Probe();
        if (inventory.WhyNot(ordinal) is { } why)
            throw new InvalidOperationException($"cuda:{ordinal}: {why}");
        Info = inventory.Devices[ordinal].Info;
        DriverVersion = inventory.DriverVersion;
        Check.That(CudaDriver.cuDeviceGet(out int device, ordinal));
        Handle = PrimaryContextHandle.Retain(device, $"GPU {ordinal}, {Info.Name}");
    }

    /// <summary>The GPU.</summary>
    internal CudaDeviceInfo Info { get; }

    /// <summary>The newest CUDA the driver supports, 12040 for 12.4.</summary>
    internal int DriverVersion { get; }

    /// <summary>What everything made in this context holds on to.</summary>
    internal PrimaryContextHandle Handle { get; }

    /// <summary>Lets go of the context; it lives on until all that was made in it is destroyed.</summary>
    public void Dispose() => Handle.Dispose();

    /// <summary>Makes it the calling thread's context.</summary>
    internal void MakeCurrent() => Check.That(CudaDriver.cuCtxSetCurrent(Handle.Value));

    /// <summary>
    /// Allocates device memory, at least 256-byte aligned and not cleared. <paramref name="purpose"/> goes into the message of a failure.
    /// </summary>
    internal nint Allocate(long bytes, string purpose = "")
    {
        MakeCurrent();
        CuResult result = CudaDriver.cuMemAlloc(out nint address, (nuint)bytes);
        if (result != CuResult.CUDA_SUCCESS)
            throw new CudaException(result, "cuMemAlloc", ByteSize.Text(bytes) + (purpose.Length == 0 ? "" : $" for {purpose}"));
        return address;
    }

    /// <summary>
    /// Gives device memory back, once the work that uses it is done. In a context that a fault has broken it does nothing: the memory goes with the
    /// context, and an exception from here would hide the one that tells of the fault.
    /// </summary>
    internal void Free(nint address)
    {
        CuResult result = CudaDriver.cuCtxSetCurrent(Handle.Value);
        if (result == CuResult.CUDA_SUCCESS)
            result = CudaDriver.cuMemFree(address);
        if (!CudaError.BreaksContext(result))
            Check.That(result, call: nameof(CudaDriver.cuMemFree));
    }

    /// <summary>Bytes of device memory that are free, for all programs together, and that there are.</summary>
    internal (long Free, long Total) Memory()
    {
        MakeCurrent();
        Check.That(CudaDriver.cuMemGetInfo(out nuint free, out nuint total));
        return ((long)free, (long)total);
    }
}
