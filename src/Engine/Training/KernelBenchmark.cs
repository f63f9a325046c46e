using System.Text.RegularExpressions;
using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Training;

/// <summary>A kernel at the shapes of one layer, however many layers of the network have them.</summary>
/// <param name="Launch">Its first launch.</param>
/// <param name="Shape">All that decides its work, in words: the same in another network, it is the same piece of work.</param>
/// <param name="Count">Launches like it in one step.</param>
public sealed record DistinctLaunch(KernelLaunch Launch, string Shape, int Count);

/// <summary>How long a launch took.</summary>
/// <param name="Cold">Seconds of each repetition with other data in the caches.</param>
/// <param name="Warm">Seconds of each repetition right after another.</param>
/// <param name="Float">Other libraries, where the launch is a convolution or a product forward.</param>
public sealed record KernelTimes(IReadOnlyList<double> Cold, IReadOnlyList<double> Warm, FloatTimes Float);

/// <summary>
/// The launches of a recipe's training step, each to be repeated by itself on the memory of the step, and timed; on a device that has no
/// launches, the operations. The weights that it trains become meaningless.
/// </summary>
public sealed partial class KernelBenchmark : IDisposable
{
    private readonly SealedNetwork _network;
    private readonly WorkTimer _timer;
    private readonly IReadOnlyList<RecordedLaunch> _recorded;

    /// <summary>Records the step and takes its memory. Throws as a trainer's constructor does.</summary>
    public KernelBenchmark(Recipe recipe, Device device, DataSplits data)
    {
        TrainingPlan plan = TrainingPlan.Of(recipe, data);
        _network = SealedNetwork.Committed(plan, device);
        try
        {
            _timer = device.NewTimer();
            _network.SetEpoch(0, LearningRateSchedule.Of(plan.Recipe, plan.Estimator).At(0));
            _recorded = _network.Train.List();
            Launches = [.. _recorded.GroupBy(Shape).Select(same => new DistinctLaunch(same.First().Launch, same.Key, same.Count()))];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What there is to time, in the order of the step.</summary>
    public IReadOnlyList<DistinctLaunch> Launches { get; }

    /// <summary>Other libraries to compare with: what was found, tried or refused, a line each.</summary>
    public IReadOnlyList<string> Libraries => _timer.Libraries;

    /// <summary>What the step trains.</summary>
    internal ParameterSet Parameters => _network.Parameters;

    /// <summary>Measures what the device does at most.</summary>
    public DeviceRates MeasureRates() => _timer.MeasureRates();

    /// <summary>
    /// Goes through one step, launch by launch, and times those that are wanted when it comes to them: tensors share memory over time, so
    /// that only then they hold what the launch is to read.
    /// </summary>
    /// <param name="wanted">Which of <see cref="Launches"/>.</param>
    /// <param name="repetitions">How often at most; of what takes long, fewer.</param>
    public IEnumerable<(DistinctLaunch Launch, KernelTimes Times)> Time(Func<DistinctLaunch, bool> wanted, int repetitions)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(repetitions);
        return Walk(wanted, repetitions);
    }

    /// <summary>Gives back the memory on the device; not the device, which is the caller's.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        _network.Dispose();
    }

    private IEnumerable<(DistinctLaunch Launch, KernelTimes Times)> Walk(Func<DistinctLaunch, bool> wanted, int repetitions)
    {
        Dictionary<string, DistinctLaunch> open = Launches.Where(wanted).ToDictionary(launch => launch.Shape);
        _network.Train.BeginInOrder();
        foreach (RecordedLaunch recorded in _recorded)
        {
            if (open.Count == 0)
                yield break;
            recorded.Repeat();
            if (open.Remove(Shape(recorded), out DistinctLaunch? distinct))
                yield return (distinct, Time(recorded, repetitions));
        }
    }

    private KernelTimes Time(RecordedLaunch recorded, int repetitions) => new(
        _timer.Time(recorded.Repeat, repetitions, cold: true), _timer.Time(recorded.Repeat, repetitions, cold: false),
        recorded.Forward is { } g ? _timer.TimeFloat(g, repetitions) : new(null, null));

    // Where tensors lie does not matter, only whether there are any.
    private static string Shape(RecordedLaunch recorded)
    {
        KernelLaunch l = recorded.Launch;
        return $"{l.Kernel} {l.GridX} {l.GridY} {l.GridZ} {Address().Replace(recorded.Arguments, "0x1")}";
    }

    [GeneratedRegex("0x[1-9a-f][0-9a-f]*")]
    private static partial Regex Address();
}
