using ManagedCuda.BasicTypes;

namespace ManagedCuda;

/// <summary>A context that it makes, which is current on the thread from then on, and destroys.</summary>
public class CudaContext : IDisposable
{
    private readonly CUcontext _context;
    private bool _disposed;

    public CudaContext(int deviceId)
    {
        DriverAPINativeMethods.Check(DriverAPINativeMethods.cuInit(0));
        DriverAPINativeMethods.Check(DriverAPINativeMethods.cuDeviceGet(out int device, deviceId));
        DriverAPINativeMethods.Check(DriverAPINativeMethods.cuCtxCreate_v2(out _context.Pointer, 0, device));
    }

    public CUcontext Context => _context;

    /// <summary>Makes it the calling thread's context.</summary>
    public void SetCurrent()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        DriverAPINativeMethods.Check(DriverAPINativeMethods.cuCtxSetCurrent(_context.Pointer));
    }

    public void Dispose()
    {
        if (!_disposed)
            _ = DriverAPINativeMethods.cuCtxDestroy_v2(_context.Pointer);
        _disposed = true;
        GC.SuppressFinalize(this);
    }
}
