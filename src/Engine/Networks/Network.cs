using ReSTE.Native.Datasets;
using ReSTE.Native.Estimators;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Networks;

/// <summary>
/// A network: a function that writes down layers. It is called whenever the network is read, and each time writes the same layers.
/// </summary>
/// <param name="Name">The name that checkpoints carry, such as the published one.</param>
/// <param name="Write">Writes it: layers, image [H,W,C], number of classes; returns logits [classes].</param>
public sealed record Network(string Name, Func<Layers, Value, int, Value> Write)
{
    /// <summary>Its layers that own parameters, for images of a size, in the order data takes.</summary>
    public IReadOnlyList<LayerInfo> Summarize(ImageShape image, int classes) => SummaryReader.Read(Written(image, classes).Layers);

    /// <summary>Reads it onto a tape; returns the logits [N,classes].</summary>
    internal Variable RecordOn(Tape tape, Estimator estimator, bool realActivations, Variable images, int classes)
    {
        Shape s = images.Shape;
        var (layers, logits) = Written(new ImageShape(s[1], s[2], s[3]), classes);
        return new TapeReader(tape, estimator, realActivations).Record(layers, images, logits);
    }

    /// <summary>Writes it down; the shape of the logits is checked.</summary>
    internal (Layers Layers, Value Logits) Written(ImageShape image, int classes)
    {
        var layers = new Layers(new Shape(image.Height, image.Width, image.Channels));
        Value logits = Write(layers, layers.Image, classes);
        Shape expected = new(classes);
        return logits.Shape == expected
            ? (layers, logits)
            : throw new ArgumentException(
                $"the network {Name} returned {logits.Shape} for an image {layers.Image.Shape}, not logits {expected}");
    }
}
