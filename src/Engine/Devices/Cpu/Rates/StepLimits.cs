namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// What a step is compared with: each kind of product with the widest vectors that do it, and copies in all levels but the first, on a
/// number of threads; in memory where half of what is free is enough for it. Measured little by little between steps, so that whatever else
/// runs on the machine slows both alike.
/// </summary>
public sealed class StepLimits : IDisposable
{
    private const int RunsAtOnce = 2;

    private readonly CpuThreads _threads;
    private readonly nint _blocks;
    private readonly Measured[] _measured;

    /// <summary>Takes memory larger than the caches, and finds out how long to measure; some 200 milliseconds.</summary>
    /// <param name="threads">As many as the device has.</param>
    /// <param name="stop">Checked between measurements.</param>
    public StepLimits(int threads, CancellationToken stop = default) : this(threads, DeviceMemory.OfProcess()?.Free, stop)
    {
    }

    /// <summary>With bytes of memory that are free; null where nobody says. Measuring must not end a run that fits.</summary>
    internal StepLimits(int threads, long? free, CancellationToken stop)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        (string Name, long Bytes)[] levels = CpuLimits.Levels(CpuCaches.Find(), threads)[1..];
        levels = [.. levels.Where((level, i) => i == 0 || free is not { } room || level.Bytes * threads <= room / 2)];
        _blocks = CpuLimits.Allocate(levels.Max(level => level.Bytes) * threads);
        _threads = new CpuThreads(threads);
        try
        {
            _measured =
            [
                .. CpuLimits.Widths.SelectMany(bits => LimitLoops.OfRegisters(bits).Select(l => Found(l, bits, null, 0)))
                    .DistinctBy(m => m.What.Work),
                .. levels.SelectMany(level => LimitLoops.OfMemory(CpuLimits.Widths[0], _blocks, level.Bytes)
                    .Where(l => l.Work == CpuWork.Copy).Select(l => Found(l, CpuLimits.Widths[0], level.Name, level.Bytes))),
            ];
            foreach (Measured m in _measured)
                m.Rounds = CpuLimits.Rounds(_threads, m.Loop, stop);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>
    /// The mean of each in all measurements so far, of which there must be one: where another program has the processor half of the time, a
    /// step is half as fast and so is this, which neither the best nor the median would say.
    /// </summary>
    public IReadOnlyList<CpuLimit> Limits => [.. _measured.Select(m => m.What with { PerSecond = m.Rates.Average() })];

    /// <summary>Measures each once more; some 150 milliseconds.</summary>
    public void Measure(CancellationToken stop = default)
    {
        foreach (Measured m in _measured)
        {
            for (int i = 0; i < RunsAtOnce; i++)
                m.Rates.Add(CpuLimits.Rate(_threads, m.Loop, m.Rounds, stop));
        }
    }

    /// <summary>Gives back threads and memory.</summary>
    public void Dispose()
    {
        _threads.Dispose();
        CpuLimits.Free(_blocks);
    }

    private Measured Found((CpuWork Work, LimitLoop Loop) of, int bits, string? memory, long bytes) =>
        new(new(of.Work, bits, memory, bytes, _threads.Count, 0), of.Loop);

    private sealed record Measured(CpuLimit What, LimitLoop Loop)
    {
        public List<double> Rates { get; } = [];

        public int Rounds { get; set; }
    }
}
