using System.Diagnostics;

namespace ReSTE.Native.Host;

/// <summary>Timed steps: each as a whole and, where the device tells, operation by operation.</summary>
internal sealed class StepTiming(IStepBenchmark benchmark, int steps)
{
    private readonly double[] _milliseconds = new double[steps];
    private readonly long[] _allocated = new long[steps];
    private readonly double[][] _seconds = [.. Enumerable.Range(0, steps).Select(_ => new double[benchmark.Clock?.Operations.Count ?? 0])];
    private int _done;

    /// <summary>Of each step.</summary>
    public IReadOnlyList<double> Milliseconds => _milliseconds;

    /// <summary>Of each step, those of each operation.</summary>
    public IReadOnlyList<double[]> Seconds => _seconds;

    /// <summary>
    /// Bytes of managed memory that a steady step allocates, on all threads: the least, for what a step allocates is in each of them, and
    /// the order of an epoch that begins, or what else the process does, is not.
    /// </summary>
    public long ManagedBytes => _allocated.Min();

    /// <summary>Runs a number of the steps.</summary>
    public void Run(int count, CancellationToken stop)
    {
        for (var end = _done + count; _done < end; _done++)
        {
            stop.ThrowIfCancellationRequested();
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var start = Stopwatch.GetTimestamp();
            benchmark.Step();
            _milliseconds[_done] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            _allocated[_done] = GC.GetTotalAllocatedBytes(precise: true) - before;
            benchmark.Clock?.Read(_seconds[_done]);
        }
    }
}
