using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// A ring of page-locked copies, each with an event after it. It also bounds how far the host runs ahead: far enough never to let the GPU
/// wait, near enough that an interruption takes effect at once.
/// </summary>
internal sealed class CudaMailbox : Mailbox
{
    private const int Room = 16;

    private readonly CudaStream _stream;
    private readonly Tensor _tensor;
    private readonly PinnedMemory _copies;
    private readonly CudaEvent[] _arrived = new CudaEvent[Room];
    private int _first, _count;

    public CudaMailbox(CudaStream stream, Tensor tensor)
    {
        _stream = stream;
        _tensor = tensor;
        _copies = new PinnedMemory(stream.Context, checked((int)tensor.Bytes * Room));
        try
        {
            for (int i = 0; i < Room; i++)
                _arrived[i] = new CudaEvent(stream.Context);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override bool IsFull => _count == Room;

    public override void Post()
    {
        int slot = (_first + _count) % Room;
        _stream.CopyToHost(_copies.Address + (nint)(slot * _tensor.Bytes), _tensor.Address, _tensor.Bytes);
        _stream.Record(_arrived[slot]);
        _count++;
    }

    public override bool TryTake(Span<byte> bytes, bool wait)
    {
        if (_count == 0)
            return false;
        if (wait)
            _arrived[_first].Wait();
        else if (!_arrived[_first].IsDone)
            return false;
        _copies.As<byte>().Slice((int)(_first * _tensor.Bytes), (int)_tensor.Bytes).CopyTo(bytes);
        _first = (_first + 1) % Room;
        _count--;
        return true;
    }

    public override void Dispose()
    {
        _stream.Drain(); // a copy may still be on its way
        _copies.Dispose();
        foreach (CudaEvent? arrived in _arrived)
            arrived?.Dispose(); // where making them failed, some are not there
    }
}
