using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>The engine's trainer, with the device it runs on and owns.</summary>
internal sealed class TrainingRun : ITrainingRun
{
    private readonly Device _device;
    private readonly Trainer _trainer;

    public TrainingRun(Recipe recipe, Device device, DataSplits data)
    {
        _device = device;
        _trainer = NewTrainer(recipe, device, data);
    }

    public string Device => _device.Description;

    public int NextEpoch => _trainer.State.Epoch;

    public int NextStep => _trainer.StepsDone;

    public bool IsFinished => _trainer.IsFinished;

    public int SavedEpochs => _trainer.SavedEpochs;

    public double BestTop1 => _trainer.State.BestTop1;

    public int BestEpoch => _trainer.State.BestEpoch;

    public EpochReport RunEpoch(IProgress<StepReport>? progress, CancellationToken stop) => _trainer.RunEpoch(progress, stop);

    public IEnumerable<(string Name, double[] Weights)> BinaryWeights() =>
        _trainer.Parameters.Parameters.Where(p => p.IsBinary).Select(p => (p.Name, p.Read()));

    public PassResult Evaluate(IProgress<StepReport>? progress, CancellationToken stop) => _trainer.Evaluate(progress, stop);

    public void Save(string path) => _trainer.Save(path);

    public void SaveWeights(string path) => _trainer.SaveWeights(path);

    public DataMatch Resume(string path, bool otherEpochs) =>
        FileMemory.OfCheckpoint(path, () => _trainer.Resume(path, otherEpochs));

    public WeightsSource LoadWeights(string path) => FileMemory.OfCheckpoint(path, () => _trainer.LoadWeights(path));

    public WeightsSource StartFrom(string path) => FileMemory.OfCheckpoint(path, () => _trainer.StartFrom(path));

    public WeightsSource ResumeForeign(string path) => FileMemory.OfCheckpoint(path, () => _trainer.ResumeForeign(path));

    public void Dispose()
    {
        _trainer.Dispose();
        _device.Dispose();
    }

    /// <summary>A trainer; where there can be none, the device is given back.</summary>
    public static Trainer NewTrainer(Recipe recipe, Device device, DataSplits data)
    {
        try
        {
            return new Trainer(recipe, device, data);
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }
}
