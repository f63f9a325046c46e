using ReSTE.Native.Messages;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// A GPU's context and its memory. Every method makes the context current on the calling thread, and leaves it so: code around the engine
/// may use other contexts, and any thread may call.
/// </summary>
internal sealed unsafe class CudaContext : IDisposable
{
    private readonly CudaAllocator? _allocator;

    /// <summary>
    /// The primary context of a GPU. Throws <see cref="InvalidOperationException"/> with the inventory's reason where it cannot be used.
    /// </summary>
    internal CudaContext(int ordinal)
    {
        CudaInventory inventory = CudaDevices.Probe();
        Refuse(inventory, ordinal);
        (Driver, DriverVersion, Info) = (CudaLibrary.Driver!, inventory.DriverVersion, inventory.Devices[ordinal].Info);
        int device;
        Check.That(Driver.cuDeviceGet(&device, ordinal));
        Handle = PrimaryContextHandle.Retain(Driver, device, $"GPU {ordinal}, {Info.Name}");
    }

    /// <summary>A context that a host owns, and its memory where it lends that.</summary>
    internal CudaContext(CudaHost host)
    {
        if (host.Context == 0)
            throw new ArgumentException("the host's context is null: make one first, or open the GPU by its number", nameof(host));
        CudaInventory inventory = CudaDevices.Probe();
        if (inventory.Failure is { } why)
            throw new InvalidOperationException(why);
        (Driver, DriverVersion, _allocator) = (CudaLibrary.Driver!, inventory.DriverVersion, host.Allocator);
        Handle = new GivenContextHandle(Driver, host.Context);
        MakeCurrent();
        int device;
        Check.That(Driver.cuCtxGetDevice(&device));
        int ordinal = CudaDevices.OrdinalOf(Driver, device);
        Refuse(inventory, ordinal);
        Info = inventory.Devices[ordinal].Info;
    }

    /// <summary>The functions of the library it is of.</summary>
    internal CudaDriver Driver { get; }

    /// <summary>The GPU.</summary>
    internal CudaDeviceInfo Info { get; }

    /// <summary>The newest CUDA the driver supports, 12040 for 12.4.</summary>
    internal int DriverVersion { get; }

    /// <summary>What everything made in this context holds on to.</summary>
    internal CudaContextHandle Handle { get; }

    /// <summary>Lets go of the context; it lives on until all that was made in it is destroyed.</summary>
    public void Dispose() => Handle.Dispose();

    /// <summary>Makes it the calling thread's context.</summary>
    internal void MakeCurrent() => Check.That(Driver.cuCtxSetCurrent(Handle.Value));

    /// <summary>
    /// Allocates device memory, at least 256-byte aligned and not cleared. <paramref name="purpose"/> goes into the message of a failure.
    /// </summary>
    internal nint Allocate(long bytes, string purpose = "")
    {
        MakeCurrent();
        string what = ByteSize.Text(bytes) + (purpose.Length == 0 ? "" : $" for {purpose}");
        if (_allocator != null)
            return _allocator.Allocate(bytes) is var given && given != 0 ? given
                : throw new OutOfMemoryException($"the host's allocator gave no {what}");
        nint address;
        Check.That(Driver.cuMemAlloc(&address, (nuint)bytes), what);
        return address;
    }

    /// <summary>
    /// Gives device memory back, once the work that uses it is done. In a context that a fault has broken it does nothing: the memory goes
    /// with the context, and an exception from here would hide the one that tells of the fault.
    /// </summary>
    internal void Free(nint address)
    {
        CuResult result = Driver.cuCtxSetCurrent(Handle.Value);
        if (result == CuResult.CUDA_SUCCESS && _allocator != null)
            _allocator.Free(address);
        else if (result == CuResult.CUDA_SUCCESS)
            result = Driver.cuMemFree(address);
        if (!CudaError.BreaksContext(result))
            Check.That(result, call: nameof(CudaDriver.cuMemFree));
    }

    /// <summary>Whether a host lends the memory: how much of it is free is the host's to know.</summary>
    internal bool MemoryIsLent => _allocator != null;

    /// <summary>Bytes of device memory that are free, for all programs together, and that there are.</summary>
    internal (long Free, long Total) Memory()
    {
        MakeCurrent();
        nuint free, total;
        Check.That(Driver.cuMemGetInfo(&free, &total));
        return ((long)free, (long)total);
    }

    private static void Refuse(CudaInventory inventory, int ordinal)
    {
        if (inventory.WhyNot(ordinal) is { } why)
            throw new InvalidOperationException($"cuda:{ordinal}: {why}");
    }
}
