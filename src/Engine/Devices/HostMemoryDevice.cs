using System.Runtime.InteropServices;

namespace ReSTE.Native.Devices;

/// <summary>A device whose memory is the process's own.</summary>
public abstract unsafe class HostMemoryDevice : Device
{
    // Measured as the least limit of a control group that a run survives, less its tensors and what the process held before they were
    // taken: 16 to 24 MB with few images, 57 MB with CIFAR-10 read, for the garbage collector's room grows with what it keeps.
    private const long Program = 28_000_000, Thread = 150_000;
    private const int ManagedShare = 5;

    internal HostMemoryDevice()
    {
    }

    /// <inheritdoc/>
    public sealed override DeviceMemory? Memory => MemoryReader();

    /// <summary>
    /// Code that is compiled when a step first runs, threads with their stacks, and room for the garbage collector to work in.
    /// </summary>
    internal sealed override long? MemoryBeside => Program + Environment.ProcessorCount * Thread + HeapReader() / ManagedShare;

    /// <summary>Where <see cref="Memory"/> is read.</summary>
    internal Func<DeviceMemory?> MemoryReader { get; init; } = DeviceMemory.OfProcess;

    /// <summary>Where the bytes in the garbage collector's heap are read.</summary>
    internal Func<long> HeapReader { get; init; } = () => GC.GetTotalMemory(false);

    internal sealed override nint Allocate(long bytes)
    {
        bool isHuge = HugePages.Suit(bytes);
        void* address = NativeMemory.AlignedAlloc((nuint)bytes, isHuge ? (nuint)HugePages.Size : Slab.Alignment);
        if (isHuge)
            HugePages.Advise(address, bytes);
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
