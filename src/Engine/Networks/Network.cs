using ReSTE.Native.Datasets;
using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Estimators;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Networks;

/// <summary>
/// A network: a function that records layers. It is called once for every batch size it is to run with, and each time records the same layers.
/// </summary>
/// <param name="Name">The name that checkpoints carry, such as the published one.</param>
/// <param name="Record">Records it: layers, images [N,H,W,C], number of classes; returns logits [N,classes].</param>
public sealed record Network(string Name, Func<Layers, Variable, int, Variable> Record)
{
    /// <summary>Its parameters for images of a size, in recording order. Takes no memory for them.</summary>
    public IReadOnlyList<ParameterInfo> Describe(ImageShape image, int classes)
    {
        using var device = new ReferenceDevice();
        var parameters = new ParameterSet(device);
        using var tape = new Tape(device, parameters, training: false);
        Variable input = tape.NewVariable("image", new Shape(1, image.Height, image.Width, image.Channels), needsGradient: false);
        RecordOn(tape, new ClippedSte(), realActivations: false, input, classes);
        return [.. parameters.Parameters.Select(p => new ParameterInfo(p.Name, p.Shape, p.IsBinary))];
    }

    /// <summary>Records it on a tape; returns the logits, whose shape is checked.</summary>
    internal Variable RecordOn(Tape tape, Estimator estimator, bool realActivations, Variable images, int classes)
    {
        Variable logits = Record(new Layers(tape, estimator, realActivations), images, classes);
        Shape expected = new(images.Shape[0], classes);
        return logits.Shape == expected
            ? logits
            : throw new ArgumentException($"the network {Name} returned {logits.Shape} for images {images.Shape}, not logits {expected}");
    }
}
