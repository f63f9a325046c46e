using System.Text.RegularExpressions;
using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;

namespace ReSTE.Native.Training;

/// <summary>A kernel at the shapes of one layer, however many layers of the network have them.</summary>
public sealed class DistinctLaunch
{
    internal DistinctLaunch(RecordedLaunch first, string shape, int count) => (First, Shape, Count) = (first, shape, count);

    /// <summary>Its first launch.</summary>
    public KernelLaunch Launch => First.Launch;

    /// <summary>All that decides its work, in words: the same in another network, it is the same piece of work.</summary>
    public string Shape { get; }

    /// <summary>Launches like it in one step.</summary>
    public int Count { get; }

    internal RecordedLaunch First { get; }
}

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

    /// <summary>
    /// Records the step and runs it once, so that the tensors hold what they would in training. Throws as a trainer's constructor does.
    /// </summary>
    public KernelBenchmark(Recipe recipe, Device device, DataSplits data)
    {
        TrainingPlan plan = TrainingPlan.Of(recipe, data);
        _network = SealedNetwork.Committed(plan, device);
        try
        {
            _timer = device.NewTimer();
            _network.SetEpoch(0, LearningRateSchedule.Of(plan.Recipe, plan.Estimator).At(0));
            _network.Train.BeginInOrder();
            _network.Train.Step();
            device.Synchronize();
            Launches = Distinct(_network.Train.List());
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

    /// <summary>Measures what the device does at most.</summary>
    public DeviceRates MeasureRates() => _timer.MeasureRates();

    /// <summary>Times one of <see cref="Launches"/>, in their order: the last of a step moves on to other images.</summary>
    /// <param name="launch">Which.</param>
    /// <param name="repetitions">How often at most; of what takes long, fewer.</param>
    public KernelTimes Time(DistinctLaunch launch, int repetitions)
    {
        ArgumentNullException.ThrowIfNull(launch);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(repetitions);
        RecordedLaunch recorded = launch.First;
        return new(_timer.Time(recorded.Repeat, repetitions, cold: true), _timer.Time(recorded.Repeat, repetitions, cold: false),
            recorded.Forward is { } g ? _timer.TimeFloat(g, repetitions) : new(null, null));
    }

    /// <summary>Gives back the memory on the device; not the device, which is the caller's.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        _network.Dispose();
    }

    private static IReadOnlyList<DistinctLaunch> Distinct(IReadOnlyList<RecordedLaunch> launches) =>
    [
        .. launches.GroupBy(Shape).Select(same => new DistinctLaunch(same.First(), same.Key, same.Count())),
    ];

    // Where tensors lie does not matter, only whether there are any.
    private static string Shape(RecordedLaunch recorded)
    {
        KernelLaunch l = recorded.Launch;
        return $"{l.Kernel} {l.GridX} {l.GridY} {l.GridZ} {Address().Replace(recorded.Arguments, "0x1")}";
    }

    [GeneratedRegex("0x[1-9a-f][0-9a-f]*")]
    private static partial Regex Address();
}
