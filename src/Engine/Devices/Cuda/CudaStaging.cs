using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// Streams batches through page-locked memory and a stream for uploads. Two events a slot order all of it without the host: a slot is
/// overwritten on the device when the steps that read it are done, and read when its bytes have arrived. The rings keep their addresses, so
/// a step stays one captured graph.
/// </summary>
internal sealed class CudaStaging : Staging
{
    private readonly CudaStream _compute, _upload;
    private readonly PinnedMemory[] _rooms;
    private readonly CudaEvent[] _arrived, _released;
    private readonly int[] _offsets;
    private readonly List<IDisposable> _held = [];

    /// <param name="compute">Where the steps run.</param>
    /// <param name="upload">A stream for the copies, which this object owns.</param>
    /// <param name="rings">Where they go.</param>
    /// <param name="slots">Slots of each ring.</param>
    public CudaStaging(CudaStream compute, CudaStream upload, IReadOnlyList<Tensor> rings, int slots)
        : base(rings, slots)
    {
        (_compute, _upload) = (compute, upload);
        _offsets = new int[rings.Count + 1];
        try
        {
            for (int ring = 0; ring < rings.Count; ring++)
                _offsets[ring + 1] = checked(_offsets[ring] + (int)Slab.Align(SlotBytes(ring)));
            _rooms = Each(slots, () => new PinnedMemory(compute.Context, _offsets[^1]));
            _arrived = Each(slots, () => new CudaEvent(compute.Context));
            _released = Each(slots, () => new CudaEvent(compute.Context));
            // The first copy too comes after what the steps' stream was asked for before, such as clearing the rings.
            for (int slot = 0; slot < slots; slot++)
                Release(slot);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override Span<byte> Room(int ring, int slot) => _rooms[slot].As<byte>().Slice(_offsets[ring], SlotBytes(ring));

    public override void AwaitRoom(int slot) => _arrived[slot].Wait();

    public override void Send(int slot)
    {
        _upload.WaitFor(_released[slot]);
        for (int ring = 0; ring < Rings.Count; ring++)
        {
            int bytes = SlotBytes(ring);
            _upload.CopyToDevice(Rings[ring].Address + (nint)slot * bytes, _rooms[slot].Address + _offsets[ring], bytes);
        }
        _upload.Record(_arrived[slot]);
        // A copy fails only where the work it waits for has failed: that is what a message names.
        _arrived[slot].RecordedOn(_compute);
        _compute.WaitFor(_arrived[slot]);
    }

    public override void Release(int slot) => _compute.Record(_released[slot]);

    public override void Dispose()
    {
        _upload.Drain(); // a copy may still be on its way
        _compute.Drain();
        foreach (IDisposable held in _held)
            held.Dispose();
        _upload.Dispose();
    }

    private T[] Each<T>(int count, Func<T> make)
        where T : IDisposable
    {
        var made = new T[count];
        for (int i = 0; i < count; i++)
        {
            made[i] = make();
            _held.Add(made[i]);
        }
        return made;
    }
}
