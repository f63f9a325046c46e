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
        BatchSize = Fit(nameof(Recipe.BatchSize), settings.Recipe.BatchSize, "training", data.Train.Count, evaluating ? null : notices),
        BatchSizeTest = Fit(nameof(Recipe.BatchSizeTest), settings.Recipe.BatchSizeTest, "test", data.Test.Count,
            settings.NamesBatchSizeTest ? notices : null),
    };

    private static int Fit(string setting, int batch, string part, int count, ICollection<string>? notices)
    {
        if (batch <= count)
            return batch;
        notices?.Add(
            $"{SettingFlags.Given(setting, Numbers.Text(batch))} is more than the {Plural.Of(count, $"{part} image")}: " +
            "a batch is the whole set");
        return count;
    }
}
