using ManagedCuda.BasicTypes;

namespace ManagedCuda;

/// <summary>A stream of the thread's context that it makes and destroys, or one that somebody else owns.</summary>
public class CudaStream : IDisposable
{
    private readonly bool _isOwner;
    private CUstream _stream;
    private bool _disposed;

    public CudaStream()
        : this(CUStreamFlags.None)
    {
    }

    public CudaStream(CUStreamFlags flags)
    {
        DriverAPINativeMethods.Check(DriverAPINativeMethods.cuStreamCreate(out _stream.Pointer, flags));
        _isOwner = true;
    }

    public CudaStream(CUstream stream) => _stream = stream;

    public CUstream Stream
    {
        get => _stream;
        set => _stream = value;
    }

    public void Synchronize()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        DriverAPINativeMethods.Check(DriverAPINativeMethods.cuStreamSynchronize(_stream.Pointer));
    }

    public void WaitEvent(CUevent cuevent)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        DriverAPINativeMethods.Check(DriverAPINativeMethods.cuStreamWaitEvent(_stream.Pointer, cuevent.Pointer, 0));
    }

    public void Dispose()
    {
        if (_isOwner && !_disposed)
        {
            _ = DriverAPINativeMethods.cuStreamDestroy_v2(_stream.Pointer);
            _disposed = true;
        }
        GC.SuppressFinalize(this);
    }
}
