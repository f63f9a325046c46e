using System.CommandLine;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>Flags that were given and decide nothing, each with the reason in one line.</summary>
internal static class UnusedFlags
{
    public static IEnumerable<string> Given(ParseResult parsed, Recipe recipe, IEngine engine)
    {
        var unused = engine.Unused(recipe);
        // A file says everything, as argument.txt does: what of it decides nothing is no slip.
        var given = ConfigFile.OwnFlags(parsed).ToHashSet();
        return
        [
            .. unused.Where(setting => given.Contains(SettingFlags.Of(setting)))
                .Select(setting => $"{SettingFlags.Of(setting)} is not used: {Why(setting, recipe, unused)}"),
        ];
    }

    private static string Why(string setting, Recipe recipe, IReadOnlyList<string> unused)
    {
        if (setting is nameof(Recipe.RealActivations) or nameof(Recipe.Estimator) or nameof(Recipe.EstimatorArguments))
            return $"{recipe.Model} has no binary layers";
        if (setting == nameof(Recipe.OEnd))
            return unused.Contains(nameof(Recipe.Estimator)) ? $"{recipe.Model} has no binary layers"
                : $"{recipe.Estimator} has no such exponent";
        return setting == nameof(Recipe.Momentum) && !OptimiserCatalog.UsesMomentum(recipe)
            ? $"it belongs to SGD, and {recipe.Optimiser} keeps its own means of the gradient"
            : $"{recipe.Estimator} has a rule of its own for every parameter of {recipe.Model}";
    }
}
