using ReSTE.Native.Estimators;
using ReSTE.Native.Networks;
using ReSTE.Native.Optimisers;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Training;

/// <summary>Settings that a recipe has and its run does not read: whatever their value, its numbers are the same.</summary>
public static class UnusedSettings
{
    /// <summary>
    /// Their names, those of properties of <see cref="Recipe"/>: what is about sign() where nothing is binary, and the optimiser's numbers
    /// where no parameter follows them.
    /// </summary>
    /// <param name="recipe">The run.</param>
    /// <param name="layers">Its network's, as <see cref="Network.Summarize"/> lists them.</param>
    /// <exception cref="RecipeException">There is no such estimator or optimiser, or it does not take its arguments.</exception>
    public static IReadOnlyList<string> Of(Recipe recipe, IReadOnlyList<LayerInfo> layers)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(layers);
        Estimator estimator = EstimatorCatalog.Create(recipe);
        bool isBinary = layers.Any(layer => layer.IsBinary);
        return [.. OfSigns(recipe, isBinary), .. OfUpdates(recipe, estimator, isBinary, layers.Any(layer => HasOthers(layer, estimator)))];
    }

    // The indicators measure by the last o whatever the estimator is.
    private static IEnumerable<string> OfSigns(Recipe recipe, bool isBinary)
    {
        if (!isBinary)
        {
            yield return nameof(Recipe.RealActivations);
            yield return nameof(Recipe.Estimator);
            yield return nameof(Recipe.EstimatorArguments);
        }

        if (!recipe.Indicators && !(isBinary && EstimatorCatalog.UsesEndExponent(recipe)))
            yield return nameof(Recipe.OEnd);
    }

    private static IEnumerable<string> OfUpdates(Recipe recipe, Estimator estimator, bool isBinary, bool hasOthers)
    {
        Optimiser recipes = OptimiserCatalog.Create(recipe), used = estimator.OwnOptimiser(recipes) ?? recipes;
        RecipeNumbers read = (isBinary ? used.Reads(ParameterShare.Binary) : RecipeNumbers.None)
            | (hasOthers ? used.Reads(ParameterShare.Others) : RecipeNumbers.None);
        if (!read.HasFlag(RecipeNumbers.LearningRate))
        {
            yield return nameof(Recipe.LearningRate);
            yield return nameof(Recipe.WarmUp);
        }

        if (!read.HasFlag(RecipeNumbers.Momentum))
            yield return nameof(Recipe.Momentum);
        if (!read.HasFlag(RecipeNumbers.WeightDecay))
            yield return nameof(Recipe.WeightDecay);
        if (used != recipes && !hasOthers)
            yield return nameof(Recipe.Optimiser);
    }

    /// <summary>Whether a layer has parameters that no binary optimiser updates.</summary>
    private static bool HasOthers(LayerInfo layer, Estimator estimator) => layer.IsBinary
        ? layer.Parameters > (layer.Weight?.Count ?? 0) && !estimator.BinarizesBiases
        : layer.Parameters > 0;
}
