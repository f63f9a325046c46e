using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices;

/// <summary>How a slab lays its tensors out.</summary>
internal enum SlabMode
{
    /// <summary>One allocation; tensors that never live at the same time share bytes.</summary>
    Packed,

    /// <summary>For tests: one allocation a tensor, guard words around it, poison inside.</summary>
    Guarded,
}

/// <summary>
/// One allocation that holds many tensors. In <see cref="SlabMode.Guarded"/> every tensor gets an allocation of its own between guard words
/// and starts as NaN, so that tests see a read of the unwritten and a write outside.
/// </summary>
internal sealed unsafe class Slab(Device device, SlabMode mode = SlabMode.Packed) : IDisposable
{
    internal const int Alignment = 64;
    private const int GuardBytes = 64;
    private const byte GuardByte = 0xA5;

    private readonly List<(Tensor Tensor, long Offset)> _tensors = [];
    private readonly List<nint> _allocations = [];
    private long _bytes;
    private bool _committed;

    /// <summary>Whether tensors share one allocation.</summary>
    public SlabMode Mode => mode;

    /// <summary>Who used it last, of those that share it: what others left there is not theirs any more.</summary>
    public object? LastUser { get; set; }

    /// <summary>Bytes of device memory it takes.</summary>
    public long Bytes => mode == SlabMode.Packed ? _bytes : _tensors.Sum(t => Align(t.Tensor.Bytes) + 2 * GuardBytes);

    /// <summary>Places a tensor after all others.</summary>
    public Tensor Place(Tensor tensor)
    {
        Place(tensor, _bytes);
        return tensor;
    }

    /// <summary>
    /// Places a tensor at an offset that the caller has planned; its bytes may overlap those of tensors that live at other times.
    /// </summary>
    internal void Place(Tensor tensor, long offset)
    {
        if (_committed)
            throw new InvalidOperationException($"{tensor}: the slab is committed");
        _tensors.Add((tensor, offset));
        _bytes = Math.Max(_bytes, Align(offset + tensor.Bytes));
    }

    /// <summary>Allocates, and gives every tensor its address. Fresh memory is zero, or poison in guarded mode.</summary>
    public void Commit()
    {
        _committed = true;
        if (mode == SlabMode.Packed)
        {
            nint start = Allocate(Math.Max(_bytes, Alignment));
            foreach (var (tensor, offset) in _tensors)
                tensor.Address = start + (nint)offset;
            return;
        }

        foreach (var (tensor, _) in _tensors)
        {
            nint start = Allocate(Align(tensor.Bytes) + 2 * GuardBytes);
            device.Fill(start, GuardByte, Align(tensor.Bytes) + 2 * GuardBytes);
            tensor.Address = start + GuardBytes;
        }

        Poison();
    }

    /// <summary>
    /// Gives every tensor an address without memory, for what only looks at addresses. The first is not 0, which stands for no tensor.
    /// </summary>
    public void Pretend()
    {
        _committed = true;
        foreach (var (tensor, offset) in _tensors)
            tensor.Address = Alignment + (nint)offset;
    }

    /// <summary>
    /// Overwrites every tensor: reals, and bytes that may serve as working memory for reals, with NaN, everything else with 0xA5.
    /// </summary>
    public void Poison()
    {
        LastUser = null;
        foreach (var (tensor, _) in _tensors)
        {
            bool isWhole = tensor.Type is ElementType.Int32 or ElementType.Int64 or ElementType.Bits32;
            device.Fill(tensor.Address, isWhole ? GuardByte : (byte)0xFF, tensor.Bytes);
        }
    }

    /// <summary>Throws, naming the tensor, where a guard word before or after it was overwritten.</summary>
    public void CheckGuards()
    {
        if (mode != SlabMode.Guarded)
            throw new InvalidOperationException("only a guarded slab has guard words");
        foreach (var (tensor, _) in _tensors)
        {
            long padding = Align(tensor.Bytes) - tensor.Bytes;
            CheckGuard(tensor, "before", tensor.Address - GuardBytes, GuardBytes);
            CheckGuard(tensor, "past", tensor.Address + (nint)tensor.Bytes, (int)padding + GuardBytes);
        }
    }

    /// <summary>Gives the memory back; the tensors have no address from then on.</summary>
    public void Dispose()
    {
        foreach (var (tensor, _) in _tensors)
            tensor.Address = 0;
        for (int i = _allocations.Count - 1; i >= 0; i--)
            device.Free(_allocations[i]);
        _allocations.Clear();
    }

    internal static long Align(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;

    private nint Allocate(long bytes)
    {
        nint address = device.Allocate(bytes);
        _allocations.Add(address);
        return address;
    }

    private void CheckGuard(Tensor tensor, string where, nint address, int bytes)
    {
        var guard = new byte[bytes];
        device.Download(address, guard);
        int first = Array.FindIndex(guard, b => b != GuardByte);
        if (first >= 0)
            throw new InvalidOperationException($"{tensor}: written {where} its memory, {first} bytes into the guard");
    }
}
