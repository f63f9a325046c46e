using ReSTE.Native.Datasets;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>The line a run begins with: what is trained, on what and where to.</summary>
internal static class Headline
{
    public static string Of(Recipe recipe, IReadOnlyList<LayerSummary> layers, DataSplits data, string device, string folder)
    {
        var all = layers.Sum(layer => layer.Parameters);
        var binary = layers.Where(layer => layer.BinaryWeights).Sum(layer => layer.Parameters);
        var parts = binary > 0 ? $"{Numbers.Text(binary)} of them binary" : "none binary";
        var network = $"{recipe.Model} ({Plural.Of(all, "parameter")}, {parts})";
        var estimator = binary > 0 ? $" with {recipe.Estimator}{Arguments(recipe)}" : "";
        var optimiser = recipe.Optimiser == new Recipe().Optimiser ? "" : $" by {recipe.Optimiser}";
        var images = $"{recipe.Dataset} ({Images(data)}{Normalised(recipe)})";
        return $"training {network}{estimator}{optimiser} on {images}, {device}, results in {folder}";
    }

    /// <summary>All its settings, those nobody named too: a recipe that is trained has them.</summary>
    private static string Arguments(Recipe recipe)
    {
        var all = ArgumentPairs.Of(recipe);
        if (EstimatorCatalog.UsesEndExponent(recipe))
            all = all.Prepend($"o_end={Numbers.Text(recipe.OEnd)}");
        var text = string.Join(", ", all);
        return text.Length > 0 ? $" ({text})" : "";
    }

    private static string Normalised(Recipe recipe) =>
        recipe.Normalisation == Normalisation.OfData ? "" : $", normalised by {recipe.Normalisation}";

    private static string Images(DataSplits data)
    {
        var train = Numbers.Text(data.Train.Count) + " training";
        var test = Plural.Of(data.Test.Count, "test image");
        return data.Validation is { } held ? $"{train}, {Numbers.Text(held.Count)} held-out and {test}" : $"{train} and {test}";
    }
}
