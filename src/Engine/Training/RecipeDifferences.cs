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

    private static JsonElement Json(Recipe recipe) =>
        JsonSerializer.SerializeToElement(Sorted(Complete(recipe)), CheckpointJson.Default.Recipe);

    // An argument that was not given is the same as its default; what the catalogue refuses is compared as it stands.
    private static Recipe Complete(Recipe recipe)
    {
        try
        {
            return EstimatorCatalog.Knows(recipe.Estimator) ? EstimatorCatalog.Complete(recipe) : recipe;
        }
        catch (RecipeException)
        {
            return recipe;
        }
    }

    // The order in which arguments were given means nothing.
    private static Recipe Sorted(Recipe recipe)
    {
        var sorted = new SortedDictionary<string, EstimatorArgument>(recipe.EstimatorArguments.ToDictionary(), StringComparer.Ordinal);
        return recipe with { EstimatorArguments = sorted };
    }
}
