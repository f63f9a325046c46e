using ReSTE.Native.Datasets;
using ReSTE.Native.Networks;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>A layer as `summary` lists it.</summary>
/// <param name="Name">Its name in a checkpoint.</param>
/// <param name="Kind">What it does, e.g. "conv 3x3".</param>
/// <param name="Weight">Shape of its weight in the published order, e.g. "16 x 3 x 3 x 3".</param>
/// <param name="Parameters">Trained numbers in it, biases too.</param>
/// <param name="BinaryWeights">Whether its weights are signs in the forward pass.</param>
/// <param name="BinaryInput">Whether its input is signs in the forward pass.</param>
/// <param name="Output">Shape of one image's output, e.g. "32 x 32 x 16".</param>
/// <param name="MultiplyAdds">Products it adds up for one image.</param>
internal sealed record LayerSummary(string Name, string Kind, string Weight, long Parameters, bool BinaryWeights, bool BinaryInput,
    string Output, long MultiplyAdds);

/// <summary>A network's layers in the words of `summary`.</summary>
internal static class NetworkSummary
{
    public static IReadOnlyList<LayerSummary> Of(Recipe recipe, ImageShape image, int classes) =>
        [.. NetworkCatalog.Find(recipe.Dataset, recipe.Model).Summarize(image, classes)
            .Select(layer => Words(layer, recipe.RealActivations))];

    private static LayerSummary Words(LayerInfo layer, bool realActivations)
    {
        int[] weight = layer.Weight?.ToArray() ?? [];
        return new(layer.Name, Kind(layer.Kind, weight), Sizes(weight), layer.Parameters, layer.IsBinary,
            layer.IsBinary && !realActivations, Sizes(layer.Output.ToArray()), layer.MultiplyAdds);
    }

    private static string Sizes(int[] sizes) => string.Join(" x ", sizes.Select(size => Numbers.Text(size)));

    private static string Kind(LayerKind kind, int[] weight) => kind switch
    {
        LayerKind.Conv => $"conv {Numbers.Text(weight[2])}x{Numbers.Text(weight[3])}",
        LayerKind.Linear => "linear",
        _ => "batch norm",
    };
}
