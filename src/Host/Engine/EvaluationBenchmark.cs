using ReSTE.Native.Devices;
using ReSTE.Native.Tapes;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>The evaluation of one batch of drawn images, with its loss and its hits.</summary>
internal sealed class EvaluationBenchmark : IStepBenchmark
{
    private readonly Device _device;
    private readonly Trainer _trainer;

    public EvaluationBenchmark(Recipe recipe, Device device)
    {
        _device = device;
        Recipe fit = BenchData.FitEvaluation(recipe);
        _trainer = TrainingRun.NewTrainer(fit, device, BenchData.OfEvaluation(fit));
        DatasetBytes = _trainer.DatasetBytes;
        Clock = _trainer.NewEvaluationClock();
    }

    public string Device => _device.Description;

    public bool Evaluates => true;

    public long DatasetBytes { get; }

    // The trainer counts those of a training step.
    public long? Launches => null;

    public StepClock? Clock { get; }

    public void Step()
    {
        if (Clock is { } clock)
            _trainer.Evaluate(clock);
        else
            _trainer.Evaluate();
    }

    public void Dispose()
    {
        _trainer.Dispose();
        _device.Dispose();
    }
}
