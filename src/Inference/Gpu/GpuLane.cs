using System.Numerics;
using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Running;

namespace ReSTE.Native.Gpu;

/// <summary>
/// One batch at a time: a stream, the memory of its images, and a graph for each power of two of them, recorded when it is first wanted,
/// from the bytes in page-locked memory to the scores there.
/// </summary>
internal sealed unsafe class GpuLane : IDisposable
{
    private readonly GpuProgram _program;
    private readonly CudaContext _context;
    private readonly KernelModules _modules;
    private readonly CudaStream _stream;
    private readonly GpuBlocks _constants;
    private readonly GpuBlocks? _values;
    private readonly nint _bytes;
    private readonly PinnedMemory _given, _found;
    private readonly CudaGraph?[] _graphs;
    private readonly int _room;
    private float* _scores;
    private int* _labels;
    private int _pending;

    /// <param name="program">What it runs.</param>
    /// <param name="context">Where.</param>
    /// <param name="modules">Its kernels.</param>
    /// <param name="constants">Its constants.</param>
    /// <param name="room">Images that it has room for.</param>
    public GpuLane(GpuProgram program, CudaContext context, KernelModules modules, GpuBlocks constants, int room)
    {
        (_program, _context, _modules, _constants, _room) = (program, context, modules, constants, room);
        _graphs = new CudaGraph[IndexOf(room) + 1];
        try
        {
            _stream = new CudaStream(context, modules);
            _bytes = context.Allocate((long)room * program.ImageBytes, "bytes of images");
            _values = new GpuBlocks(context, program.Values.Parts, room, program.Values.IsApart, "values of images");
            _given = new PinnedMemory(context, checked(room * program.ImageBytes));
            _found = new PinnedMemory(context, checked(room * program.Classes * sizeof(float)));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Queues images, no more than there is room for, once those before are finished.</summary>
    public void Start(byte* images, int count, float* scores, int* labels)
    {
        Finish();
        new ReadOnlySpan<byte>(images, count * _program.ImageBytes).CopyTo(_given.As<byte>());
        _stream.Launch(GraphOf(count));
        _scores = scores;
        _labels = labels;
        _pending = count;
    }

    /// <summary>Waits for what was started, and hands it over.</summary>
    public void Finish()
    {
        int count = _pending, classes = _program.Classes;
        if (count == 0)
            return;
        // Whatever happens, the memory of that call is not touched again.
        _pending = 0;
        _stream.Synchronize();
        Span<float> found = _found.As<float>()[..(count * classes)];
        if (_scores != null)
            found.CopyTo(new Span<float>(_scores, found.Length));
        if (_labels == null)
            return;
        fixed (float* scores = found)
        {
            for (int i = 0; i < count; i++)
                _labels[i] = ImageRunner.Highest(scores + (long)i * classes, classes);
        }
    }

    /// <summary>Forgets what was started, whose call has failed.</summary>
    public void Forget()
    {
        _pending = 0;
        _ = _stream.Drain();
    }

    /// <summary>Gives everything back, once the GPU has done what is queued.</summary>
    public void Dispose()
    {
        bool works = _stream?.Drain() ?? true;
        foreach (CudaGraph? graph in _graphs)
            graph?.Dispose();
        _found?.Dispose();
        _given?.Dispose();
        if (works)
            _values?.Dispose();
        if (works && _bytes != 0)
            _context.Free(_bytes);
        _stream?.Dispose();
    }

    // Powers of two, and the room itself, which may be none.
    private static int IndexOf(int count) => BitOperations.Log2((uint)(2 * count - 1));

    private CudaGraph GraphOf(int count)
    {
        int index = IndexOf(count);
        return _graphs[index] ??= Record(Math.Min(1 << index, _room));
    }

    // What is copied beyond the images of a call is left from others, or never was written: nobody reads what comes of it.
    private CudaGraph Record(int images)
    {
        var run = new GpuRun(_stream, _modules, _constants, _bytes, _values!, images);
        return _stream.Capture($"a packed network on {images} {(images == 1 ? "image" : "images")}", () =>
        {
            _stream.CopyToDevice(_bytes, _given.Address, (long)images * _program.ImageBytes);
            foreach (GpuStep step in _program.Steps)
                step.Launch(run);
            _stream.CopyToHost(_found.Address, run.Value<float>(_program.Scores).Address, (long)images * _program.Classes * sizeof(float));
        });
    }
}
