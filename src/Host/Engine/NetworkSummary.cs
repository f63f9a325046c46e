using ReSTE.Native.Datasets;
using ReSTE.Native.Networks;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>A network's layers, out of its parameters.</summary>
internal static class NetworkSummary
{
    public static IReadOnlyList<LayerSummary> Of(Recipe recipe, ImageShape image, int classes)
    {
        var network = NetworkCatalog.Find(recipe.Dataset, recipe.Model);
        return [.. network.Describe(image, classes).GroupBy(LayerName).Select(layer => Layer(layer.Key, [.. layer], recipe.RealActivations))];
    }

    private static LayerSummary Layer(string name, IReadOnlyList<ParameterInfo> parameters, bool realActivations)
    {
        var weight = parameters[0];
        var shape = weight.Shape.ToArray();
        return new(name, Kind(shape), string.Join(" x ", shape.Select(size => Numbers.Text(size))),
            parameters.Sum(parameter => parameter.Shape.Count), weight.IsBinary, weight.IsBinary && !realActivations);
    }

    private static string LayerName(ParameterInfo parameter) => parameter.Name[..parameter.Name.LastIndexOf('.')];

    private static string Kind(int[] weight) => weight.Length switch
    {
        4 => $"conv {Numbers.Text(weight[2])}x{Numbers.Text(weight[3])}",
        2 => "linear",
        _ => "batch norm",
    };
}
