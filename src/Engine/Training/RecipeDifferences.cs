using System.Text.Json;
using ReSTE.Native.Checkpoints;

namespace ReSTE.Native.Training;

/// <summary>Compares the recipe of a checkpoint with the one that was asked for.</summary>
internal static class RecipeDifferences
{
    /// <summary>The settings whose values differ, in the recipe's order.</summary>
    public static SettingDifference[] Between(Recipe saved, Recipe asked)
    {
        JsonElement before = Json(saved), now = Json(asked);
        return [.. now.EnumerateObject()
            .Select(p => (p.Name, Saved: before.GetProperty(p.Name), Asked: p.Value))
            .Where(p => p.Saved.GetRawText() != p.Asked.GetRawText())
            .Select(p => new SettingDifference(p.Name, p.Saved.ToString(), p.Asked.ToString()))];
    }

    /// <summary>Those of some properties only.</summary>
    public static SettingDifference[] Between(Recipe saved, Recipe asked, params string[] names) =>
        [.. Between(saved, asked).Where(d => names.Contains(d.Name))];

    /// <summary>Such as "LearningRate was 0.1, is 0.2; Seed was 7, is 8".</summary>
    public static string Text(IEnumerable<SettingDifference> differences) =>
        string.Join("; ", differences.Select(d => $"{d.Name} was {d.Saved}, is {d.Asked}"));

    private static JsonElement Json(Recipe recipe) => JsonSerializer.SerializeToElement(Sorted(recipe), CheckpointJson.Default.Recipe);

    // The order in which arguments were given means nothing.
    private static Recipe Sorted(Recipe recipe) => recipe with
    {
        EstimatorArguments = new SortedDictionary<string, double>(recipe.EstimatorArguments.ToDictionary(), StringComparer.Ordinal),
    };
}
