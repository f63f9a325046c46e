using System.Runtime.InteropServices;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices;

/// <summary>
/// How streamed batches get into a device: rings of a number of slots, each filled on the host, copied beside the device's running
/// work, and free again once the work that reads it is done. Slots may be filled on any thread; everything else is called from the
/// device's own thread.
/// </summary>
internal abstract class Staging(IReadOnlyList<Tensor> rings, int slots) : IDisposable
{
    /// <summary>The tensors; their first dimension is that many slots long.</summary>
    protected IReadOnlyList<Tensor> Rings => rings;

    /// <summary>Where a slot's bytes are written on the host, after <see cref="AwaitRoom"/>.</summary>
    public abstract Span<byte> Room(int ring, int slot);

    /// <summary>Waits until a slot's room on the host may be written again: what was in it has been copied, or read.</summary>
    public abstract void AwaitRoom(int slot);

    /// <summary>
    /// Copies a slot of every ring to the device. Work asked for from now on finds it there; work asked for before is not disturbed.
    /// </summary>
    public abstract void Send(int slot);

    /// <summary>Notes that all work that reads a slot has been asked for.</summary>
    public abstract void Release(int slot);

    /// <summary>Gives back what it holds; no copy is on its way any more.</summary>
    public virtual void Dispose()
    {
    }

    /// <summary>Bytes of one slot of a ring.</summary>
    protected int SlotBytes(int ring) => checked((int)(rings[ring].Bytes / slots));
}

/// <summary>
/// For devices whose memory is the process's own: a slot is written where it is read, and work is done when it has been asked for.
/// </summary>
internal sealed unsafe class HostStaging(IReadOnlyList<Tensor> rings, int slots) : Staging(rings, slots)
{
    public override Span<byte> Room(int ring, int slot) =>
        MemoryMarshal.CreateSpan(ref Rings[ring].As<byte>()[(long)slot * SlotBytes(ring)], SlotBytes(ring));

    public override void AwaitRoom(int slot)
    {
    }

    public override void Send(int slot)
    {
    }

    public override void Release(int slot)
    {
    }
}
