using ReSTE.Native.Datasets;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>A batch larger than the set is the whole set.</summary>
internal static class BatchRule
{
    /// <param name="settings">What was asked for.</param>
    /// <param name="data">What there is.</param>
    /// <param name="evaluating">Whether the training images are not used.</param>
    /// <param name="notices">Receives a line for each batch that was asked for and is cut.</param>
    public static Recipe Fit(Settings settings, DataSplits data, bool evaluating, ICollection<string> notices) => settings.Recipe with
    {
        BatchSize = evaluating
            ? Least(settings.Recipe.BatchSize, data.Train.Count)
            : Fit(nameof(Recipe.BatchSize), settings.Recipe.BatchSize, "training", data.Train.Count, notices),
        BatchSizeTest =
            Fit(nameof(Recipe.BatchSizeTest), settings.Recipe.BatchSizeTest, "test", data.Test.Count,
                settings.NamesBatchSizeTest ? notices : null),
    };

    /// <summary>The recipe that a run trains by: its batches fit the data, and its estimator has all arguments.</summary>
    /// <param name="settings">What was asked for.</param>
    /// <param name="data">What there is.</param>
    /// <param name="notices">Receives a line for each batch that was asked for and is cut; null where nobody reads them.</param>
    public static Recipe FitTraining(Settings settings, DataSplits data, ICollection<string>? notices = null) =>
        EstimatorCatalog.Complete(Fit(settings, data, evaluating: false, notices ?? []), data.Train);

    /// <summary>The smallest batch that leaves no last one of a single image: the step that is not run takes the least memory.</summary>
    private static int Least(int batch, int count) =>
        Enumerable.Range(2, Math.Max(0, Math.Min(batch, count) - 1)).FirstOrDefault(size => count % size != 1, Math.Min(batch, count));

    private static int Fit(string setting, int batch, string part, int count, ICollection<string>? notices)
    {
        if (batch <= count)
            return batch;
        var given = SettingFlags.Given(setting, Numbers.Text(batch));
        notices?.Add($"{given} is more than the {Plural.Of(count, $"{part} image")}: a batch is the whole set");
        return count;
    }
}
