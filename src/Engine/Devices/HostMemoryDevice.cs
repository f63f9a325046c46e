using System.Runtime.InteropServices;

namespace ReSTE.Native.Devices;

/// <summary>A device whose memory is the process's own.</summary>
public abstract unsafe class HostMemoryDevice : Device
{
    internal HostMemoryDevice()
    {
    }

    internal sealed override nint Allocate(long bytes)
    {
        void* address = NativeMemory.AlignedAlloc((nuint)bytes, Slab.Alignment);
        NativeMemory.Clear(address, (nuint)bytes);
        return (nint)address;
    }

    internal sealed override void Free(nint address) => NativeMemory.AlignedFree((void*)address);

    internal sealed override void Fill(nint address, byte value, long bytes) => NativeMemory.Fill((void*)address, (nuint)bytes, value);

    internal sealed override void Upload(nint address, ReadOnlySpan<byte> bytes) =>
        bytes.CopyTo(new Span<byte>((void*)address, bytes.Length));

    internal sealed override void Download(nint address, Span<byte> bytes) =>
        new ReadOnlySpan<byte>((void*)address, bytes.Length).CopyTo(bytes);
}
