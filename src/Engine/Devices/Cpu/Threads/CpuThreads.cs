using System.Runtime.ExceptionServices;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// A fixed set of threads that share the parts of one job at a time, the caller among them. Each begins with a stretch of parts of its own,
/// which from job to job are of the same images, so that it finds in its caches what it left there; who is done takes of another's. Jobs
/// are cut so that this cannot change their result. Between jobs workers spin a little, then sleep. One job at a time: not for use from
/// several threads at once.
/// </summary>
internal sealed unsafe class CpuThreads : IDisposable
{
    // Some 50 microseconds: a training step hands out a few hundred jobs with gaps shorter than that, and each wake-up costs about as much.
    private const int SpinsBeforeSleep = 2000, Stopped = -1;

    // Integers from one thread's count to the next one's: no two on a line, nor on two that are fetched together.
    private const int Apart = 32;

    private readonly Thread[] _workers;
    private readonly object _gate = new();
    private readonly int[] _next;
    private delegate*<void*, int, int, void> _run;
    private void* _job;
    private int _parts, _generation, _open, _inside;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Starts <paramref name="count"/> - 1 threads; the caller of <see cref="Run"/> is the last.</summary>
    public CpuThreads(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        Count = count;
        _next = new int[(count + 1) * Apart];
        _workers = new Thread[count - 1];
        for (int i = 0; i < _workers.Length; i++)
        {
            int worker = i + 1;
            _workers[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"reste cpu {worker}" };
            _workers[i].Start();
        }
    }

    /// <summary>Threads that take part.</summary>
    public int Count { get; }

    /// <summary>
    /// Runs all parts of a job and returns when the last is done. The other parts run even if one throws; the first exception is thrown
    /// here.
    /// </summary>
    public void Run<TJob>(ref TJob job, int parts) where TJob : unmanaged, IParallelJob
    {
        fixed (TJob* pinned = &job)
        {
            bool alone = _workers.Length == 0 || parts == 1;
            Open(pinned, &Invoke<TJob>, parts, alone);
            TakeParts(0);
            Close();
        }

        if (_failure is { } failure)
        {
            _failure = null;
            failure.Throw();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            Volatile.Write(ref _generation, Stopped);
            Monitor.PulseAll(_gate);
        }

        foreach (Thread worker in _workers)
            worker.Join();
    }

    private static void Invoke<TJob>(void* job, int part, int worker) where TJob : unmanaged, IParallelJob =>
        ((TJob*)job)->Run(part, worker);

    private void Open(void* job, delegate*<void*, int, int, void> run, int parts, bool alone)
    {
        _job = job;
        _run = run;
        _parts = parts;
        for (int i = 0; i < Count; i++)
            _next[Place(i)] = Start(i);
        if (alone)
            return;
        lock (_gate)
        {
            // Open first: a worker that sees the new number must find the job open, or it would sit this one out.
            int generation = _generation == int.MaxValue ? 1 : _generation + 1;
            Volatile.Write(ref _open, generation);
            Volatile.Write(ref _generation, generation);
            Monitor.PulseAll(_gate);
        }
    }

    // The job's memory goes away after this. A worker says that it is inside before it looks whether the job is open, so it either finds
    // it closed or is waited for; one that wakes too late for any part delays nobody.
    private void Close()
    {
        Interlocked.Exchange(ref _open, 0);
        var spinner = default(SpinWait);
        while (Volatile.Read(ref _inside) != 0)
            spinner.SpinOnce(sleep1Threshold: -1);
    }

    private void TakeParts(int worker)
    {
        for (int i = 0; i < Count; i++)
        {
            int owner = (worker + i) % Count, end = Start(owner + 1), part;
            while ((part = Interlocked.Increment(ref _next[Place(owner)]) - 1) < end)
                Take(part, worker);
        }
    }

    private void Take(int part, int worker)
    {
        try
        {
            _run(_job, part, worker);
        }
        catch (Exception e)
        {
            _failure ??= ExceptionDispatchInfo.Capture(e);
        }
    }

    // The first part of a thread's own.
    private int Start(int worker) => (int)((long)_parts * worker / Count);

    private static int Place(int worker) => (worker + 1) * Apart;

    private void Work(int worker)
    {
        int seen = 0;
        while (true)
        {
            seen = AwaitJob(seen);
            if (seen == Stopped)
                return;
            Interlocked.Increment(ref _inside);
            if (Volatile.Read(ref _open) == seen)
                TakeParts(worker);
            Interlocked.Decrement(ref _inside);
        }
    }

    /// <summary>Waits for a job other than the one seen last; returns its number.</summary>
    private int AwaitJob(int seen)
    {
        for (int spin = 0; spin < SpinsBeforeSleep; spin++)
        {
            int generation = Volatile.Read(ref _generation);
            if (generation != seen)
                return generation;
            Thread.SpinWait(8);
        }

        lock (_gate)
        {
            while (_generation == seen)
                Monitor.Wait(_gate);
            return _generation;
        }
    }
}
