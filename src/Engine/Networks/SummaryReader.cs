using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Networks;

/// <summary>
/// Reads a network into a list of the layers that own parameters, in the order data takes. It needs no device and no estimator.
/// </summary>
internal static class SummaryReader
{
    /// <summary>The layers.</summary>
    public static IReadOnlyList<LayerInfo> Read(Layers network) => [.. network.Written.SelectMany(Read)];

    private static IEnumerable<LayerInfo> Read(Layer layer) => layer switch
    {
        ConvLayer l => [Conv(l.Name, l.Input, l.Sizes, isBinary: false, l.Output)],
        BinaryUnitLayer l => [Conv(l.Name, l.Input, l.Sizes, isBinary: true, l.Output), Norm(l.Norm, l.Settings, l.Output)],
        BinaryConvLayer l => [Conv(l.Name, l.Input, l.Sizes, isBinary: true, l.Output)],
        BatchNormLayer l => [Norm(l.Name, l.Settings, l.Output)],
        LinearLayer l => [Linear(l.Name, l.Input, isBinary: false, hasBias: true, l.Output)],
        BinaryLinearLayer l => [Linear(l.Name, l.Input, isBinary: true, l.Bias != null, l.Output)],
        ActivationLayer or ShortcutPadLayer or MaxPoolLayer or AveragePoolLayer or FlattenLayer => [],
        _ => throw new ArgumentException($"{layer.Name}: no summary of {layer.GetType().Name}"),
    };

    private static LayerInfo Conv(string name, Value input, in ConvSizes sizes, bool isBinary, Value output)
    {
        Shape weight = PublishedLayout.Convolution(sizes.Channels, input.Shape.Last, sizes.Kernel).Shape;
        long pixels = (long)output.Shape[0] * output.Shape[1];
        return new LayerInfo(name, LayerKind.Conv, weight, weight.Count, isBinary, output.Shape, pixels * weight.Count);
    }

    private static LayerInfo Norm(string name, in BatchNormSettings settings, Value output)
    {
        int channels = output.Shape.Last;
        return new LayerInfo(name, LayerKind.BatchNorm, settings.Affine ? new Shape(channels) : null,
            settings.Affine ? 2 * channels : 0, false, output.Shape, 0);
    }

    private static LayerInfo Linear(string name, Value input, bool isBinary, bool hasBias, Value output)
    {
        var weight = new Shape(output.Shape.Last, input.Shape.Last);
        return new LayerInfo(name, LayerKind.Linear, weight, weight.Count + (hasBias ? output.Shape.Last : 0), isBinary, output.Shape,
            weight.Count);
    }
}
