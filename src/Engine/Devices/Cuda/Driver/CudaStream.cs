using System.Diagnostics.CodeAnalysis;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// A queue of work on one GPU, independent of the process's default stream. Work runs in order; what fails on the GPU surfaces at a later
/// call, whose message names what was launched last. A synchronous stream waits after every launch, so that the message names the very
/// kernel and its arguments.
/// </summary>
internal sealed unsafe class CudaStream : IDisposable
{
    private readonly CudaContext _context;
    private readonly CudaDriver _driver;
    private readonly KernelModules _modules;
    private readonly StreamHandle _stream;
    private readonly LaunchOrder _order;
    private readonly bool _synchronous;

    // What was launched last, for messages: a kernel with its grid, or a graph.
    private CudaKernel? _lastKernel;
    private Grid _lastGrid;
    private CudaGraph? _lastGraph;

    /// <summary>
    /// A stream of its own, or one that somebody else owns. Launches are <paramref name="dependent"/> only where
    /// <see cref="DependentLaunchRule"/> lets them.
    /// </summary>
    internal CudaStream(CudaContext context, KernelModules modules, bool synchronous = false, nint given = 0, bool dependent = false)
    {
        _driver = context.Driver;
        _context = context;
        _modules = modules;
        _synchronous = synchronous;
        context.MakeCurrent();
        nint stream = given;
        if (given == 0)
            Check.That(context.Driver.cuStreamCreate(&stream, CuStreamFlags.NonBlocking));
        _stream = new StreamHandle(context.Handle, stream, owned: given == 0);
        _order = new LaunchOrder(_driver, _stream, dependent);
    }

    /// <summary>Whether launches are being recorded and not run.</summary>
    internal bool IsCapturing => Captures(_context, _stream.Value);

    /// <summary>The driver's handle, for what is recorded in or launched on this stream.</summary>
    internal nint Value => _stream.Value;

    internal CudaContext Context => _context;

    /// <summary>
    /// Lets go of the stream, once queued work is finished: one that was lent goes on, and the kernels of its work must not.
    /// </summary>
    public void Dispose()
    {
        if (!_stream.IsClosed)
            _ = Drain();
        _stream.Dispose();
    }

    /// <summary>Whether a stream, which may be anybody's, is recording.</summary>
    internal static bool Captures(CudaContext context, nint stream)
    {
        context.MakeCurrent();
        CuCaptureStatus status;
        Check.That(context.Driver.cuStreamIsCapturing(stream, &status));
        return status != CuCaptureStatus.None;
    }

    /// <summary>Queues a kernel, in blocks of the size it was compiled for.</summary>
    internal void Launch<[DynamicallyAccessedMembers(KernelLayout.Needed)] TArgs>(in TArgs args, Grid grid)
        where TArgs : unmanaged, IKernelArgs
    {
        CudaKernel kernel = _modules.FindToLaunch<TArgs>();
        int[] offsets = KernelLayout<TArgs>.Offsets;
        void** parameters = stackalloc void*[offsets.Length];
        _context.MakeCurrent();
        fixed (TArgs* start = &args)
        {
            for (int i = 0; i < offsets.Length; i++)
                parameters[i] = (byte*)start + offsets[i];
            CuResult result = _order.Launch(kernel, grid, parameters);
            if (result != CuResult.CUDA_SUCCESS)
                throw new CudaException(result, _order.Call, Joined(kernel.Describe(grid), After(), $"{args}"));
        }

        (_lastKernel, _lastGrid, _lastGraph) = (kernel, grid, null);
        if (_synchronous && !IsCapturing)
            Await(in args);
    }

    /// <summary>Queues the setting of every byte of a block of device memory.</summary>
    internal void Fill(nint address, byte value, long bytes)
    {
        _context.MakeCurrent();
        Queued(_driver.cuMemsetD8Async(address, value, (nuint)bytes, _stream.Value), nameof(CudaDriver.cuMemsetD8Async));
    }

    /// <summary>Copies to the device after all queued work, and waits.</summary>
    internal void Upload(nint address, ReadOnlySpan<byte> bytes)
    {
        _context.MakeCurrent();
        fixed (byte* source = bytes)
        {
            Queued(_driver.cuMemcpyHtoDAsync(address, source, (nuint)bytes.Length, _stream.Value), nameof(CudaDriver.cuMemcpyHtoDAsync));
            Synchronize();
        }
    }

    /// <summary>Copies from the device after all queued work, and waits.</summary>
    internal void Download(nint address, Span<byte> bytes)
    {
        _context.MakeCurrent();
        fixed (byte* target = bytes)
        {
            Queued(_driver.cuMemcpyDtoHAsync(target, address, (nuint)bytes.Length, _stream.Value), nameof(CudaDriver.cuMemcpyDtoHAsync));
            Synchronize();
        }
    }

    /// <summary>Queues a copy into page-locked memory; it is there once an event recorded after it is done.</summary>
    internal void CopyToHost(nint hostPinned, nint device, long bytes)
    {
        _context.MakeCurrent();
        Queued(_driver.cuMemcpyDtoHAsync((void*)hostPinned, device, (nuint)bytes, _stream.Value), nameof(CudaDriver.cuMemcpyDtoHAsync));
    }

    /// <summary>Queues a copy out of page-locked memory, which stays as it is until an event recorded after it is done.</summary>
    internal void CopyToDevice(nint device, nint hostPinned, long bytes)
    {
        _context.MakeCurrent();
        Queued(_driver.cuMemcpyHtoDAsync(device, (void*)hostPinned, (nuint)bytes, _stream.Value), nameof(CudaDriver.cuMemcpyHtoDAsync));
    }

    /// <summary>What is queued from now on waits for an event of another stream, as it was last recorded; the host does not.</summary>
    internal void WaitFor(CudaEvent @event)
    {
        _context.MakeCurrent();
        Queued(_driver.cuStreamWaitEvent(_stream.Value, @event.Value, 0), nameof(CudaDriver.cuStreamWaitEvent));
    }

    /// <summary>Queues an event: it is done when all work before it is.</summary>
    internal void Record(CudaEvent @event)
    {
        _context.MakeCurrent();
        Queued(_driver.cuEventRecord(@event.Value, _stream.Value), nameof(CudaDriver.cuEventRecord));
        @event.RecordedOn(this);
    }

    /// <summary>Waits for all queued work.</summary>
    internal void Synchronize()
    {
        _context.MakeCurrent();
        Ok(_driver.cuStreamSynchronize(_stream.Value), nameof(CudaDriver.cuStreamSynchronize));
    }

    /// <summary>
    /// Waits for all queued work, before something is given back; false where the GPU has failed, which was or will be said elsewhere.
    /// </summary>
    internal bool Drain() => _driver.cuCtxSetCurrent(_context.Handle.Value) == CuResult.CUDA_SUCCESS
        && _driver.cuStreamSynchronize(_stream.Value) == CuResult.CUDA_SUCCESS;

    /// <summary>
    /// Records what the work queues, instead of running it, and makes it one executable graph. If the work throws, nothing is left of it.
    /// </summary>
    internal CudaGraph Capture(string name, Action work)
    {
        _context.MakeCurrent();
        Check.That(_driver.cuStreamBeginCapture(_stream.Value, CuCaptureMode.Relaxed), name);
        var (kernel, grid, replayed) = (_lastKernel, _lastGrid, _lastGraph);
        _order.Capture(begins: true);
        try
        {
            work();
        }
        catch
        {
            // The work's own exception is the news; ending a capture that it spoilt fails as a matter of course.
            nint spoilt = 0;
            _ = _driver.cuStreamEndCapture(_stream.Value, &spoilt);
            if (spoilt != 0)
                _ = _driver.cuGraphDestroy(spoilt);
            throw;
        }
        finally
        {
            // What was recorded was not launched.
            (_lastKernel, _lastGrid, _lastGraph) = (kernel, grid, replayed);
            _order.Capture(begins: false);
        }

        _context.MakeCurrent();
        nint graph;
        Check.That(_driver.cuStreamEndCapture(_stream.Value, &graph), name);
        using var template = new GraphHandle(_context.Handle, graph);
        return new CudaGraph(this, name, template);
    }

    /// <summary>Queues a graph.</summary>
    internal void Launch(CudaGraph graph)
    {
        _context.MakeCurrent();
        CuResult result = _driver.cuGraphLaunch(graph.Value, _stream.Value);
        if (result != CuResult.CUDA_SUCCESS)
            throw new CudaException(result, nameof(CudaDriver.cuGraphLaunch), Joined(graph.Name, After()));
        (_lastKernel, _lastGraph) = (null, graph);
        if (_synchronous)
            Synchronize();
    }

    /// <summary>
    /// Throws, naming what was launched last, where a call failed: the cause is often not the call but work queued before it.
    /// </summary>
    internal void Ok(CuResult result, string call)
    {
        if (result != CuResult.CUDA_SUCCESS)
            throw new CudaException(result, call, After());
    }

    // What is no kernel.
    private void Queued(CuResult result, string call)
    {
        _order.Interrupt();
        Ok(result, call);
    }

    private void Await<[DynamicallyAccessedMembers(KernelLayout.Needed)] TArgs>(in TArgs args) where TArgs : unmanaged, IKernelArgs
    {
        CuResult result = _driver.cuStreamSynchronize(_stream.Value);
        if (result != CuResult.CUDA_SUCCESS)
            throw new CudaException(result, nameof(CudaDriver.cuStreamSynchronize), $"{_lastKernel!.Describe(_lastGrid)}, {args}");
    }

    private string After() => _lastGraph is not null ? $"after graph {_lastGraph.Name}"
        : _lastKernel is not null ? $"after {_lastKernel.Describe(_lastGrid)}"
        : "";

    private static string Joined(params string[] parts) => string.Join(", ", parts.Where(p => p.Length > 0));
}
