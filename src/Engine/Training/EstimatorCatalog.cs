using System.Globalization;
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

    /// <summary>
    /// The estimator a recipe asks for. Throws <see cref="RecipeException"/> for an unknown name or argument, or a value out of range.
    /// </summary>
    public static Estimator Create(Recipe recipe)
    {
        Entry entry = Entries.FirstOrDefault(e => e.Name.Equals(recipe.Estimator, StringComparison.OrdinalIgnoreCase))
            ?? throw UnknownName.Of(nameof(Recipe.Estimator), recipe.Estimator, "there is no such estimator", Names);
        string? unknown = recipe.EstimatorArguments.Keys.FirstOrDefault(k => !entry.Arguments.Contains(k));
        if (unknown != null)
            throw Argument(RecipeFault.UnknownName, recipe, unknown,
                $"estimator {entry.Name} has no argument '{OneLine.Of(unknown)}'; it takes "
                + (entry.Arguments.Length == 0 ? "none" : string.Join(", ", entry.Arguments)), entry.Arguments);
        if (!(recipe.OEnd >= 1) || !double.IsFinite(recipe.OEnd))
            throw new RecipeException(RecipeFault.OutOfRange, nameof(Recipe.OEnd), Text(recipe.OEnd), "it must be at least 1");
        return entry.Create(recipe);
    }

    private static double Argument(Recipe recipe, string name, double otherwise)
    {
        if (!recipe.EstimatorArguments.TryGetValue(name, out double value))
            return otherwise;
        if (!(value > 0) || !double.IsFinite(value))
            throw Argument(RecipeFault.OutOfRange, recipe, name, "it must be a positive number", []);
        return value;
    }

    private static RecipeException Argument(RecipeFault reason, Recipe recipe, string name, string expected, string[] suggestions) =>
        new(reason, nameof(Recipe.EstimatorArguments), $"{OneLine.Of(name)}={Text(recipe.EstimatorArguments[name])}", expected)
        {
            Suggestions = suggestions,
        };

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);

    private sealed record Entry(string Name, string[] Arguments, Func<Recipe, Estimator> Create);
}
