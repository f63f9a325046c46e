using System.Runtime.InteropServices;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// Something made in a context. It holds the context until it is destroyed itself, so it does not matter in which order a finaliser thread
/// meets them.
/// </summary>
internal abstract unsafe class ContextHandle : SafeHandle
{
    private readonly CudaContextHandle _context;
    private readonly bool _owned;

    /// <summary>Takes a handle of this context; one that is owned is destroyed in the end.</summary>
    private protected ContextHandle(CudaContextHandle context, nint value, bool owned = true)
        : base(0, ownsHandle: true)
    {
        bool added = false;
        context.DangerousAddRef(ref added);
        (_context, _owned) = (context, owned);
        SetHandle(value);
    }

    /// <inheritdoc/>
    public sealed override bool IsInvalid => handle == 0;

    /// <summary>
    /// The driver's handle. Throws <see cref="ObjectDisposedException"/> once it is destroyed: the driver may crash on it.
    /// </summary>
    internal nint Value
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return handle;
        }
    }

    /// <summary>Destroys it; the context is current.</summary>
    private protected abstract CuResult Destroy(CudaDriver driver, nint value);

    /// <inheritdoc/>
    protected sealed override bool ReleaseHandle()
    {
        CuResult result = CuResult.CUDA_SUCCESS;
        if (_owned)
        {
            // The thread that disposes, a finaliser's above all, may have another context current or none.
            result = _context.Driver.cuCtxSetCurrent(_context.DangerousGetHandle());
            if (result == CuResult.CUDA_SUCCESS)
                result = Destroy(_context.Driver, handle);
        }

        _context.DangerousRelease();
        return result == CuResult.CUDA_SUCCESS;
    }
}

/// <summary>An event.</summary>
internal sealed unsafe class EventHandle(CudaContextHandle context, nint value) : ContextHandle(context, value)
{
    private protected override CuResult Destroy(CudaDriver driver, nint value) => driver.cuEventDestroy(value);
}

/// <summary>A captured graph, the template of an executable one.</summary>
internal sealed unsafe class GraphHandle(CudaContextHandle context, nint value) : ContextHandle(context, value)
{
    private protected override CuResult Destroy(CudaDriver driver, nint value) => driver.cuGraphDestroy(value);
}

/// <summary>An executable graph.</summary>
internal sealed unsafe class GraphExecHandle(CudaContextHandle context, nint value) : ContextHandle(context, value)
{
    private protected override CuResult Destroy(CudaDriver driver, nint value) => driver.cuGraphExecDestroy(value);
}

/// <summary>A loaded kernel image; its functions live as long as it does.</summary>
internal sealed unsafe class ModuleHandle(CudaContextHandle context, nint value) : ContextHandle(context, value)
{
    private protected override CuResult Destroy(CudaDriver driver, nint value) => driver.cuModuleUnload(value);
}

/// <summary>A block of page-locked host memory.</summary>
internal sealed unsafe class PinnedMemoryHandle(CudaContextHandle context, nint value) : ContextHandle(context, value)
{
    private protected override CuResult Destroy(CudaDriver driver, nint value) => driver.cuMemFreeHost(value);
}

/// <summary>A stream; work still queued in it is finished before the driver lets go of it.</summary>
internal sealed unsafe class StreamHandle(CudaContextHandle context, nint value, bool owned) : ContextHandle(context, value, owned)
{
    private protected override CuResult Destroy(CudaDriver driver, nint value) => driver.cuStreamDestroy(value);
}
