using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Estimators;
using ReSTE.Native.Networks;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>Reads a network's layers off a tape that is recorded and never run.</summary>
internal static class NetworkSummary
{
    public static IReadOnlyList<LayerSummary> Of(Recipe recipe, ImageShape image, int classes)
    {
        using var device = new ReferenceDevice();
        var parameters = new ParameterSet(device);
        var tape = new Tape(device, parameters, training: false);
        var layers = new Layers(tape, EstimatorCatalog.Create(recipe), recipe.RealActivations);
        var input = tape.NewVariable("image", new Shape(1, image.Height, image.Width, image.Channels), needsGradient: false);
        NetworkCatalog.Find(recipe.Dataset, recipe.Model).Record(layers, input, classes);
        return [.. parameters.Parameters.GroupBy(LayerName).Select(layer => Layer(layer.Key, [.. layer], recipe.RealActivations))];
    }

    private static LayerSummary Layer(string name, IReadOnlyList<Parameter> parameters, bool realActivations)
    {
        var weight = parameters[0];
        var shape = weight.Layout.Shape.ToArray();
        return new(name, Kind(shape), string.Join(" x ", shape.Select(size => Numbers.Text(size))),
            parameters.Sum(parameter => parameter.Value.Shape.Count), weight.IsBinary, weight.IsBinary && !realActivations);
    }

    private static string LayerName(Parameter parameter) => parameter.Name[..parameter.Name.LastIndexOf('.')];

    private static string Kind(int[] weight) => weight.Length switch
    {
        4 => $"conv {Numbers.Text(weight[2])}x{Numbers.Text(weight[3])}",
        2 => "linear",
        _ => "batch norm",
    };
}
