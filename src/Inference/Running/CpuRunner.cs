using System.Globalization;
using System.Runtime.InteropServices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Packed;

namespace ReSTE.Native.Running;

/// <summary>Runs images on this processor, an image a thread.</summary>
internal sealed unsafe class CpuRunner : ImageRunner
{
    private readonly ImageProgram _program;
    private readonly int _imageBytes;
    private readonly CpuThreads? _threads;
    private readonly Lock _gate = new();
    private readonly Stack<Worker> _idle = new();
    private readonly GCHandle _workers;

    /// <param name="network">What to run.</param>
    /// <param name="threads">Threads that share the images of a call, the caller's among them; 0 for one a processor.</param>
    /// <param name="vectorBits">512, 256, 128 or 32.</param>
    public CpuRunner(PackedNetwork network, int threads, int vectorBits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        (_program, _imageBytes) = (ImageProgram.Of(network, vectorBits), network.Input.Bytes);
        int count = threads == 0 ? Environment.ProcessorCount : threads;
        Description = string.Create(CultureInfo.InvariantCulture,
            $"cpu, {count} {(count == 1 ? "thread" : "threads")}, {(vectorBits == 32 ? "no vectors" : $"vectors of {vectorBits} bits")}");
        _idle.Push(new Worker(_program));
        if (count == 1)
            return;
        _workers = GCHandle.Alloc(Enumerable.Range(0, count).Select(_ => new Worker(_program)).ToArray());
        _threads = new CpuThreads(count);
    }

    public override string Description { get; }

    // One call at a time has the threads; others do their images on their own.
    public override void Run(byte* images, int count, float* scores, int* labels)
    {
        var job = new ImagesJob(_workers.IsAllocated ? GCHandle.ToIntPtr(_workers) : 0, images, (_imageBytes, _program.Classes), scores,
            labels);
        if (count > 1 && _threads is { } threads && Monitor.TryEnter(threads))
        {
            try
            {
                threads.Run(ref job, count);
            }
            finally
            {
                Monitor.Exit(threads);
            }

            return;
        }

        Worker worker = Rent();
        for (int i = 0; i < count; i++)
            job.Run(i, worker);
        Return(worker);
    }

    public override void Dispose()
    {
        _threads?.Dispose();
        if (_workers.IsAllocated)
            _workers.Free();
    }

    private Worker Rent()
    {
        lock (_gate)
        {
            if (_idle.TryPop(out Worker? worker))
                return worker;
        }

        return new Worker(_program);
    }

    private void Return(Worker worker)
    {
        lock (_gate)
            _idle.Push(worker);
    }
}
