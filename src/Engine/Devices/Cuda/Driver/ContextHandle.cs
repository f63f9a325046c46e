using System.Runtime.InteropServices;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// Something made in a context. It holds the context until it is destroyed itself, so it does not matter in which order a finaliser thread
/// meets them.
/// </summary>
internal abstract class ContextHandle : SafeHandle
{
    private readonly PrimaryContextHandle _context;

    /// <summary>Takes ownership of a handle that the driver has just made in this context.</summary>
    protected ContextHandle(PrimaryContextHandle context, nint value)
        : base(0, ownsHandle: true)
    {
        bool added = false;
        context.DangerousAddRef(ref added);
        _context = context;
        SetHandle(value);
    }

    /// <inheritdoc/>
    public sealed override bool IsInvalid => handle == 0;

    /// <summary>The driver's handle. Throws <see cref="ObjectDisposedException"/> once it is destroyed: the driver may crash on it.</summary>
    internal nint Value
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return handle;
        }
    }

    /// <summary>Destroys it; the context is current.</summary>
    protected abstract CuResult Destroy(nint value);

    /// <inheritdoc/>
    protected sealed override bool ReleaseHandle()
    {
        // The thread that disposes, a finaliser's above all, may have another context current or none.
        CuResult result = CudaDriver.cuCtxSetCurrent(_context.DangerousGetHandle());
        if (result == CuResult.CUDA_SUCCESS)
            result = Destroy(handle);
        _context.DangerousRelease();
        return result == CuResult.CUDA_SUCCESS;
    }
}
