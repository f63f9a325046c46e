using ReSTE.Native.Devices;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Tapes;

/// <summary>Another device, with its allocations counted.</summary>
internal sealed class CountingDevice(Device inner) : Device
{
    public int Allocations { get; private set; }

    public int Frees { get; private set; }

    public override string Name => inner.Name;

    public override string Description => inner.Description;

    public override DeviceMemory? Memory => inner.Memory;

    internal override long? MemoryBeside => inner.MemoryBeside;

    internal override ElementType Real => inner.Real;

    internal override IKernels Kernels => inner.Kernels;

    public override void Dispose() => inner.Dispose();

    internal override bool IsOutOfMemory(Exception problem) => inner.IsOutOfMemory(problem);

    internal override nint Allocate(long bytes)
    {
        Allocations++;
        return inner.Allocate(bytes);
    }

    internal override void Free(nint address)
    {
        Frees++;
        inner.Free(address);
    }

    internal override void Fill(nint address, byte value, long bytes) => inner.Fill(address, value, bytes);

    internal override void Upload(nint address, ReadOnlySpan<byte> bytes) => inner.Upload(address, bytes);

    internal override void Download(nint address, Span<byte> bytes) => inner.Download(address, bytes);
}
