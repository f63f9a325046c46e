using ReSTE.Native.Messages;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Host memory that the GPU copies to and from without the host waiting. Not cleared.</summary>
internal sealed unsafe class PinnedMemory : IDisposable
{
    private readonly PinnedMemoryHandle _memory;

    internal PinnedMemory(CudaContext context, int bytes)
    {
        context.MakeCurrent();
        nint address;
        Check.That(context.Driver.cuMemHostAlloc(&address, (nuint)bytes, 0), ByteSize.Text(bytes));
        _memory = new PinnedMemoryHandle(context.Handle, address);
        Bytes = bytes;
    }

    /// <summary>Its size.</summary>
    internal int Bytes { get; }

    /// <summary>Its address, for the stream's copies.</summary>
    internal nint Address => _memory.Value;

    /// <summary>Its elements; not to be kept beyond <see cref="Dispose"/>.</summary>
    internal Span<T> As<T>() where T : unmanaged => new((void*)_memory.Value, Bytes / sizeof(T));

    /// <summary>Gives the memory back, once no copy into it is queued.</summary>
    public void Dispose() => _memory.Dispose();
}
