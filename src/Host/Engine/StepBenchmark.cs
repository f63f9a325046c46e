using ReSTE.Native.Devices;
using ReSTE.Native.Tapes;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>Whole training steps, augmentation included, on drawn images that lie in the device's memory.</summary>
internal sealed class StepBenchmark : IStepBenchmark
{
    private readonly Device _device;
    private readonly Trainer _trainer;

    public StepBenchmark(Recipe recipe, Device device)
    {
        _device = device;
        _trainer = TrainingRun.NewTrainer(BenchData.Fit(recipe), device, BenchData.Of(recipe));
        DatasetBytes = _trainer.DatasetBytes;
        Clock = _trainer.NewStepClock();
    }

    public string Device => _device.Description;

    public bool Evaluates => false;

    public long DatasetBytes { get; }

    public long? Launches => _trainer.LaunchesPerStep is > 0 and var launches ? launches : null;

    public StepClock? Clock { get; }

    public void Step()
    {
        if (Clock is { } clock)
            _trainer.Step(clock);
        else
            _trainer.Step();
        _device.Synchronize();
    }

    public void Dispose()
    {
        _trainer.Dispose();
        _device.Dispose();
    }
}
