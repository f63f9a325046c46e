using ReSTE.Native.Devices;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Tapes;

/// <summary>Where a pass over a data set stands, in device memory so that a captured step finds it: the next image, the epoch, the seed.</summary>
internal sealed class Counters
{
    internal const int CursorSlot = 0, EpochSlot = 1, SeedSlot = 2, Count = 3;

    private readonly Device _device;

    internal Counters(Device device, Slab slab, string name)
    {
        _device = device;
        Tensor = slab.Place(device.NewTensor(name, new Shape(Count), ElementType.Int64));
    }

    /// <summary>The block of numbers, [3].</summary>
    public Tensor Tensor { get; }

    /// <summary>Sets all of them.</summary>
    public void Set(long cursor, long epoch, ulong seed) => _device.Write<long>(Tensor, [cursor, epoch, (long)seed]);
}
