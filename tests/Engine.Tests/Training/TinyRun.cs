using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Training;

/// <summary>
/// A trainer on tiny images, on a device of its own: a CPU with one thread, for tests run side by side, unless another is given.
/// </summary>
internal sealed class TinyRun : IDisposable
{
    public const int Images = 40, Batch = 8, Steps = Images / Batch;

    private readonly Device _device;

    public TinyRun(Recipe recipe, int images = Images, int threads = 1, bool augment = true)
        : this(recipe, new CpuDevice(threads), images, augment)
    {
    }

    public TinyRun(Recipe recipe, Device device, int images = Images, bool augment = true)
    {
        _device = device;
        Trainer = new Trainer(recipe, device, TinyImages.Splits(images, augment: augment));
    }

    /// <summary>Three epochs of five steps, and three steps a test pass, the last of them smaller.</summary>
    public static Recipe Recipe { get; } = new() { Epochs = 3, BatchSize = Batch, BatchSizeTest = 8, LearningRate = 0.05, Seed = 7 };

    public Trainer Trainer { get; }

    /// <summary>Trains to the end.</summary>
    public List<EpochReport> Finish()
    {
        var reports = new List<EpochReport>();
        while (!Trainer.IsFinished)
            reports.Add(Trainer.RunEpoch(null, CancellationToken.None));
        return reports;
    }

    /// <summary>
    /// Trains until a step for which <paramref name="when"/> holds has been done; returns the reports of the epochs before.
    /// </summary>
    public List<EpochReport> RunUntil(Func<StepReport, bool> when)
    {
        var reports = new List<EpochReport>();
        using var stop = new CancellationTokenSource();
        var progress = new Calling(report =>
        {
            if (when(report))
                stop.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() =>
        {
            while (!Trainer.IsFinished)
                reports.Add(Trainer.RunEpoch(progress, stop.Token));
        });
        return reports;
    }

    public Dictionary<string, double[]> State() => Snapshot.OfState(Trainer.Parameters);

    public void Dispose()
    {
        Trainer.Dispose();
        _device.Dispose();
    }

    /// <summary>Progress that is told at once, on the thread that trains.</summary>
    internal sealed class Calling(Action<StepReport> action) : IProgress<StepReport>
    {
        public void Report(StepReport value) => action(value);
    }
}
