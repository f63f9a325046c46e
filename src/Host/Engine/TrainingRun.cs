using ReSTE.Native.Devices;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>The engine's trainer, with the device it runs on.</summary>
internal sealed class TrainingRun(Recipe recipe, Device device, DataSplits data) : ITrainingRun
{
    private readonly Trainer _trainer = new(recipe, device, data);

    public string Device => device.Description;

    public int NextEpoch => _trainer.State.Epoch;

    public int NextStep => _trainer.StepsDone;

    public bool IsFinished => _trainer.IsFinished;

    public double BestTop1 => _trainer.State.BestTop1;

    public int BestEpoch => _trainer.State.BestEpoch;

    public EpochReport RunEpoch(IProgress<StepReport>? progress, CancellationToken stop) => _trainer.RunEpoch(progress, stop);

    public PassResult Evaluate(IProgress<StepReport>? progress, CancellationToken stop) => _trainer.Evaluate(progress, stop);

    public void Save(string path) => _trainer.Save(path);

    public void Resume(string path) => _trainer.Resume(path);

    public void LoadWeights(string path) => _trainer.LoadWeights(path);

    public void Dispose()
    {
        _trainer.Dispose();
        device.Dispose();
    }
}
