using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>A batch larger than the set is the whole set.</summary>
internal static class BatchRule
{
    public static Recipe Fit(Recipe recipe, DataSplits data, ICollection<string> notices) => recipe with
    {
        BatchSize = Fit("--batch_size", recipe.BatchSize, "training", data.Train.Count, notices),
        BatchSizeTest = Fit("--batch_size_test", recipe.BatchSizeTest, "test", data.Test.Count, notices),
    };

    private static int Fit(string flag, int batch, string part, int count, ICollection<string> notices)
    {
        if (batch <= count)
            return batch;
        notices.Add($"{flag} {Numbers.Text(batch)} is more than the {Plural.Of(count, $"{part} image")}: a batch is the whole set");
        return count;
    }
}
