using ReSTE.Native.Datasets;
using ReSTE.Native.Estimators;
using ReSTE.Native.Networks;
using ReSTE.Native.Optimisers;

namespace ReSTE.Native.Training;

/// <summary>A recipe with what its names stand for: all that a trainer trains.</summary>
internal sealed record TrainingPlan(Recipe Recipe, DataSplits Data, Network Network, Estimator Estimator)
{
    /// <summary>The estimator's own optimiser, or the recipe's.</summary>
    public Optimiser Optimiser { get; } = OptimiserOf(Recipe, Estimator);

    /// <summary>
    /// Threads that read images ahead of the steps, also of data that would lie whole in the device's memory; null for the data's own way.
    /// </summary>
    public int? ReadingThreads { get; init; }

    /// <summary>What a network is fed with.</summary>
    public NetworkInput Input => new(Data.Train.Shape, Data.Train.Classes, Data.Preprocessing.Mean, Data.Preprocessing.Deviation);

    /// <summary>By the names of the recipe. Throws <see cref="RecipeException"/> for what cannot work.</summary>
    public static TrainingPlan Of(Recipe recipe, DataSplits data)
    {
        Network network = NetworkCatalog.Find(recipe.Dataset, recipe.Model);
        DataSplits parts = ValidationSplit.Of(recipe, Normalisation.Of(recipe, data));
        Recipe complete = EstimatorCatalog.Complete(OptimiserCatalog.Complete(TrainingRules.Check(recipe, parts)), parts.Train);
        return new(complete, parts, network, EstimatorCatalog.Create(complete));
    }

    /// <summary>
    /// With a network of the caller's, and an estimator where one is given; the recipe takes over their names and the data set's.
    /// </summary>
    public static TrainingPlan Of(Recipe recipe, DataSplits data, Network network, Estimator? estimator)
    {
        Recipe named = recipe with { Model = network.Name, Dataset = data.Train.Name, Estimator = estimator?.Name ?? recipe.Estimator };
        DataSplits parts = ValidationSplit.Of(named, Normalisation.Of(named, data));
        Recipe checkedRecipe = OptimiserCatalog.Complete(TrainingRules.Check(named, parts));
        if (estimator != null)
        {
            TrainingRules.CheckActivations(checkedRecipe, estimator);
            return new(checkedRecipe, parts, network, estimator);
        }

        Recipe complete = EstimatorCatalog.Complete(checkedRecipe, parts.Train);
        return new(complete, parts, network, EstimatorCatalog.Create(complete));
    }

    private static Optimiser OptimiserOf(Recipe recipe, Estimator estimator)
    {
        Optimiser recipes = OptimiserCatalog.Create(recipe);
        return estimator.OwnOptimiser(recipes) ?? recipes;
    }
}
