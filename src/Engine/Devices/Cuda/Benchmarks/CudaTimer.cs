using ReSTE.Native.Operations;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// Times launches by events of the stream they are queued on. Warm, a graph of several of the same launch lies between two events, as in a
/// step, which is a graph too; cold, one launch, after a buffer larger than the second-level cache has been written.
/// </summary>
internal sealed class CudaTimer : WorkTimer
{
    // A graph's own launch counts little beside a millisecond of work.
    private const double GraphSeconds = 1e-3;
    private const int MostLaunches = 50;

    // Twice the cache, for its lines need not be replaced in the order of their age; of a cache of unknown size, more than any has.
    private const int CacheTimes = 2, UnknownCache = 128 << 20;

    private readonly CudaContext _context;
    private readonly CudaStream _stream;
    private readonly CudaKernels _kernels;
    private readonly FloatLibraries _libraries;
    private readonly CudaEvent[] _marks = new CudaEvent[2];
    private readonly long _flushBytes;
    private readonly nint _flush;

    public CudaTimer(CudaContext context, CudaStream stream, CudaKernels kernels)
    {
        (_context, _stream, _kernels) = (context, stream, kernels);
        _libraries = new FloatLibraries(context, stream);
        try
        {
            for (int i = 0; i < _marks.Length; i++)
                _marks[i] = new CudaEvent(context, timed: true);
            int cache = CudaDevices.CacheBytes(context.Driver, context.Info.Ordinal);
            _flushBytes = (long)CacheTimes * (cache > 0 ? cache : UnknownCache);
            _flush = context.Allocate(_flushBytes, "emptying the cache");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override IReadOnlyList<string> Libraries => _libraries.Notes;

    public override DeviceRates MeasureRates() => new CudaRates(_context, _stream, _kernels, this).Measure();

    public override double[] Time(Action work, int repetitions, bool cold)
    {
        // The first is not counted, where there are more: code and tables come to the GPU with it.
        double first = cold ? Cold(work) : Between(work);
        int count = Affordable(repetitions, first);
        if (count == 1 && first >= GraphSeconds)
            return [first];
        if (cold)
            return Repeated(count, () => Cold(work));
        int launches = Together(first);
        using CudaGraph graph = _stream.Capture("repeated launches", () =>
        {
            for (int i = 0; i < launches; i++)
                work();
        });
        double[] times = Repeated(count, () => Between(graph.Launch));
        return [.. times.Select(seconds => seconds / launches)];
    }

    public override FloatTimes TimeFloat(in ConvGeometry g, int repetitions) =>
        _libraries.Time(g, work => Direct(work, repetitions));

    public override void Dispose()
    {
        _stream.Drain();
        if (_flush != 0)
            _context.Free(_flush);
        foreach (CudaEvent? mark in _marks)
            mark?.Dispose();
        _libraries.Dispose();
    }

    // Without a graph: whether a library lets itself be captured is its own affair.
    private double[] Direct(Action work, int repetitions)
    {
        _ = Between(work);
        double first = Between(work);
        int launches = Together(first);
        double[] times = Repeated(Affordable(repetitions, first * launches), () => Between(() =>
        {
            for (int i = 0; i < launches; i++)
                work();
        }));
        return [.. times.Select(seconds => seconds / launches)];
    }

    // How many of what takes so long make up a graph's work.
    private static int Together(double seconds) => (int)Math.Clamp(GraphSeconds / Math.Max(seconds, 1e-9), 1, MostLaunches);

    private static double[] Repeated(int count, Func<double> once)
    {
        var times = new double[count];
        for (int i = 0; i < count; i++)
            times[i] = once();
        return times;
    }

    // The launch is queued while the buffer is still being written, so that the host's part of it is not seen.
    private double Cold(Action work)
    {
        _stream.Fill(_flush, 0, _flushBytes);
        return Between(work);
    }

    private double Between(Action work)
    {
        _stream.Record(_marks[0]);
        work();
        _stream.Record(_marks[1]);
        _marks[1].Wait();
        return CudaEvent.MillisecondsBetween(_marks[0], _marks[1]) / 1e3;
    }
}
