using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices;

/// <summary>Room for one copy: work in the process's own memory is done when it has been asked for.</summary>
internal sealed class HostMailbox(Device device, Tensor tensor) : Mailbox
{
    private readonly byte[] _copy = new byte[tensor.Bytes];
    private bool _posted;

    public override bool IsFull => _posted;

    public override void Post()
    {
        device.Download(tensor.Address, _copy);
        _posted = true;
    }

    public override bool TryTake(Span<byte> bytes, bool wait)
    {
        if (!_posted)
            return false;
        _copy.CopyTo(bytes);
        _posted = false;
        return true;
    }
}
