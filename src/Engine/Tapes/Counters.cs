using ReSTE.Native.Devices;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Tapes;

/// <summary>
/// Where a pass over a data set stands, in device memory so that a captured step finds it: the next image, the epoch, the seed. Any
/// op of the pass may read them: a random number is a function of them.
/// </summary>
internal sealed class Counters
{
    private readonly Device _device;

    internal Counters(Device device, Slab slab, string name)
    {
        _device = device;
        Tensor = slab.Place(device.NewTensor(name, new Shape(BatchCounters.Count), ElementType.Int64));
    }

    /// <summary>int64 [3], see <see cref="BatchCounters"/>.</summary>
    public Tensor Tensor { get; }

    /// <summary>Sets all of them.</summary>
    public void Set(long cursor, long epoch, ulong seed) => _device.Write<long>(Tensor, [cursor, epoch, (long)seed]);
}
