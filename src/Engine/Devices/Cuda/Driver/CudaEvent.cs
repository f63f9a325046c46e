namespace ReSTE.Native.Devices.Cuda;

/// <summary>A mark in a stream, with or without the time at which the GPU passed it.</summary>
internal sealed unsafe class CudaEvent : IDisposable
{
    private readonly CudaContext _context;
    private readonly EventHandle _event;
    private CudaStream? _stream;

    internal CudaEvent(CudaContext context, bool timed = false)
    {
        _context = context;
        context.MakeCurrent();
        nint handle;
        Check.That(context.Driver.cuEventCreate(&handle, timed ? CuEventFlags.Timed : CuEventFlags.DisableTiming));
        _event = new EventHandle(context.Handle, handle);
    }

    /// <summary>Whether the work before the mark is done; true before it was ever recorded.</summary>
    internal bool IsDone
    {
        get
        {
            _context.MakeCurrent();
            CuResult result = _context.Driver.cuEventQuery(_event.Value);
            if (result == CuResult.CUDA_ERROR_NOT_READY)
                return false;
            Ok(result, nameof(CudaDriver.cuEventQuery));
            return true;
        }
    }

    internal nint Value => _event.Value;

    /// <summary>Milliseconds from one timed mark to a later one, both done.</summary>
    internal static float MillisecondsBetween(CudaEvent start, CudaEvent end)
    {
        start._context.MakeCurrent();
        float milliseconds;
        Check.That(start._context.Driver.cuEventElapsedTime(&milliseconds, start._event.Value, end._event.Value));
        return milliseconds;
    }

    /// <summary>Waits until the work before the mark is done.</summary>
    internal void Wait()
    {
        _context.MakeCurrent();
        Ok(_context.Driver.cuEventSynchronize(_event.Value), nameof(CudaDriver.cuEventSynchronize));
    }

    /// <summary>Notes the stream whose work a failure is told about.</summary>
    internal void RecordedOn(CudaStream stream) => _stream = stream;

    /// <inheritdoc/>
    public void Dispose() => _event.Dispose();

    private void Ok(CuResult result, string call)
    {
        if (_stream is not null)
            _stream.Ok(result, call);
        else
            Check.That(result, "", call);
    }
}
