namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// What a program that already uses CUDA lends a device: its context, and if it likes a stream and memory. The device destroys none of it;
/// they are used until the device is disposed of, and the host keeps them until then.
/// </summary>
sealed partial record CudaHost
{
    /// <summary>The context, a <c>CUcontext</c>. Calls to the device make it current on their thread, and leave it so.</summary>
    public required nint Context { get; init; }

    /// <summary>
    /// A stream of that context, a <c>CUstream</c>: the device's work is queued there, after what the host has queued before and before
    /// what it queues later. It must not be capturing at any call to the device or to what was made on it, disposing included, and not be
    /// the default stream, which nothing can be captured from. Null for a stream of the device's own, which is ordered with nothing.
    /// </summary>
    public nint? Stream { get; init; }

    /// <summary>Where device memory comes from; null for the driver's own allocator.</summary>
    public CudaAllocator? Allocator { get; init; }
}

/// <summary>Device memory that a host lends.</summary>
/// <param name="Allocate">
/// Gives a number of bytes of the context's memory, aligned to 256 bytes; it need not be cleared. 0 says that there is no more.
/// </param>
/// <param name="Free">Takes an address back; all work on it is done.</param>
sealed partial record CudaAllocator(Func<long, nint> Allocate, Action<nint> Free);
