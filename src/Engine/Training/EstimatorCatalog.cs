using ReSTE.Native.Estimators;
using ReSTE.Native.Messages;

namespace ReSTE.Native.Training;

/// <summary>The estimators by the names that recipes carry; case does not matter.</summary>
public static class EstimatorCatalog
{
    private static readonly Entry[] Entries =
    [
        new("ReSTE", ["t", "interval"], r => new Reste(r.OEnd, Argument(r, "t", 1.5), Argument(r, "interval", 0.1))),
        new("STE", [], _ => new ClippedSte()),
    ];

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Entries.Select(e => e.Name)];

    /// <summary>The estimator a recipe asks for. Throws <see cref="RecipeException"/> for an unknown name or argument, or a value out of range.</summary>
    public static Estimator Create(Recipe recipe)
    {
        Entry entry = Entries.FirstOrDefault(e => e.Name.Equals(recipe.Estimator, StringComparison.OrdinalIgnoreCase))
            ?? throw new RecipeException($"unknown estimator '{OneLine.Of(recipe.Estimator)}'; {NearestName.Hint(recipe.Estimator, Names)}");
        string? unknown = recipe.EstimatorArguments.Keys.FirstOrDefault(k => !entry.Arguments.Contains(k));
        if (unknown != null)
            throw new RecipeException($"estimator {entry.Name} has no argument '{unknown}'; it takes "
                + (entry.Arguments.Length == 0 ? "none" : string.Join(", ", entry.Arguments)));
        if (!(recipe.OEnd >= 1) || !double.IsFinite(recipe.OEnd))
            throw new RecipeException($"o_end must be at least 1, not {recipe.OEnd}");
        return entry.Create(recipe);
    }

    private static double Argument(Recipe recipe, string name, double otherwise)
    {
        if (!recipe.EstimatorArguments.TryGetValue(name, out double value))
            return otherwise;
        if (!(value > 0) || !double.IsFinite(value))
            throw new RecipeException($"estimator argument {name} must be a positive number, not {value}");
        return value;
    }

    private sealed record Entry(string Name, string[] Arguments, Func<Recipe, Estimator> Create);
}
