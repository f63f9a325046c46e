using System.Globalization;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Datasets;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host.Tests;

/// <summary>A run whose numbers follow from epoch and step, and whose state is a line of text.</summary>
internal sealed class FakeRun(Recipe recipe, DataSplits data, Action<StepReport>? onStep, Action<string>? onSave,
    DataMatch match = DataMatch.Same) : ITrainingRun
{
    private bool _trained;

    public string Device => "a fake device";

    public int NextEpoch { get; private set; } = recipe.StartEpoch + 1;

    public int NextStep { get; private set; }

    public bool IsFinished => NextEpoch >= recipe.Epochs;

    public int SavedEpochs { get; private set; } = recipe.Epochs;

    public double BestTop1 { get; private set; }

    public int BestEpoch { get; private set; } = -1;

    public string? WeightsFrom { get; private set; }

    public string? StartsFrom { get; private set; }

    public string? ResumedFrom { get; private set; }

    public EpochReport RunEpoch(IProgress<StepReport>? progress, CancellationToken stop)
    {
        if (!_trained)
            Pass(Phase.Training, data.Train.Count, recipe.BatchSize, progress, stop);
        _trained = true;
        var validation = Evaluate(progress, stop);
        var isBest = validation.Top1 > BestTop1;
        if (isBest)
            (BestTop1, BestEpoch) = (validation.Top1, NextEpoch);
        var (error, stability) = recipe.Indicators ? (1.5 + NextEpoch, 0.001) : ((double?)null, (double?)null);
        var report = new EpochReport(NextEpoch, recipe.LearningRate / 3, 1 + NextEpoch / 7.0, Result(NextEpoch, 9), validation, error,
            stability, 1.25, isBest);
        (NextEpoch, NextStep, _trained) = (NextEpoch + 1, 0, false);
        return report;
    }

    /// <summary>Two layers; what they hold follows from the steps done, and some of it changes its sign from step to step.</summary>
    public IEnumerable<(string Name, double[] Weights)> BinaryWeights() =>
        [("layer1.0.conv1.weight", Weights(2304)), ("fc.weight", Weights(10))];

    public static double[] WeightsAt(int count, int epoch, int step) =>
        [.. Enumerable.Range(0, count).Select(i => Math.Round(Math.Sin(1.7 * i + 0.3 * epoch + 0.01 * step), 2))];

    private double[] Weights(int count) => WeightsAt(count, NextEpoch, NextStep);

    public PassResult Evaluate(IProgress<StepReport>? progress, CancellationToken stop)
    {
        Pass(Phase.Evaluating, data.Test.Count, recipe.BatchSizeTest, progress, stop);
        return Result(NextEpoch, 5);
    }

    public void Save(string path)
    {
        onSave?.Invoke(path);
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture,
            $"{NextEpoch} {NextStep} {_trained} {BestTop1:R} {BestEpoch} {recipe.Epochs}"));
    }

    public void SaveWeights(string path) => Save(path);

    public DataMatch Resume(string path, bool otherEpochs)
    {
        var words = File.ReadAllText(path).Split(' ');
        if (words.Length != 6)
            throw new CheckpointException(CheckpointFault.Damaged, path, "is damaged");
        SavedEpochs = Int(words[5]);
        if (SavedEpochs != recipe.Epochs && !otherEpochs)
        {
            throw new CheckpointException(CheckpointFault.OtherSettings, path, "was saved with other settings")
            {
                Settings = [new(nameof(Recipe.Epochs), words[5], Numbers.Text(recipe.Epochs))],
            };
        }
        (NextEpoch, NextStep, _trained) = (Int(words[0]), Int(words[1]), bool.Parse(words[2]));
        (BestTop1, BestEpoch) = (double.Parse(words[3], CultureInfo.InvariantCulture), Int(words[4]));
        return match;
    }

    public WeightsSource LoadWeights(string path)
    {
        WeightsFrom = path;
        // A file that this fake has saved begins with the number of epochs done.
        var epoch = int.TryParse(File.ReadAllText(path).Split(' ')[0], CultureInfo.InvariantCulture, out var saved) ? saved : (int?)null;
        return new(CheckpointForm.Safetensors) { Recipe = recipe, Data = match, Epoch = epoch };
    }

    public WeightsSource StartFrom(string path)
    {
        StartsFrom = path;
        return new(CheckpointForm.PyTorchZip) { Model = recipe.Model, Epoch = 12, BestTop1 = 43.21 };
    }

    public WeightsSource ResumeForeign(string path)
    {
        ResumedFrom = path;
        NextEpoch = 1;
        return new(CheckpointForm.PyTorchZip) { Epoch = 1 };
    }

    public void Dispose()
    {
    }

    private void Pass(Phase phase, int images, int batch, IProgress<StepReport>? progress, CancellationToken stop)
    {
        var steps = (images + batch - 1) / batch;
        for (var step = phase == Phase.Training ? NextStep : 0; step < steps; step++)
        {
            var report = new StepReport(phase, NextEpoch, step, steps, Math.Min(images, (step + 1) * batch), images,
                Result(NextEpoch, step), Result(NextEpoch, step), 0.5, 0.25);
            if (phase == Phase.Training)
                NextStep = step + 1;
            onStep?.Invoke(report);
            progress?.Report(report);
            stop.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The best of three epochs is the second, so that best and last differ.</summary>
    private static PassResult Result(int epoch, int step) =>
        new(2.0 / (3 + epoch + step), 50 + (10 * Math.Sin(epoch + 0.6)), 90 + (epoch / 3.0));

    private static int Int(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}
