using ReSTE.Native.Estimators;
using ReSTE.Native.Ops;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Networks;

/// <summary>Reads a network onto a tape: each layer becomes the ops that compute it.</summary>
/// <param name="tape">Where it records.</param>
/// <param name="estimator">How binary layers find their gradients.</param>
/// <param name="realActivations">1W/32A: binary layers binarise their weights only.</param>
internal sealed class TapeReader(Tape tape, Estimator estimator, bool realActivations)
{
    private readonly Dictionary<Value, Variable> _variables = [];
    private readonly Dictionary<string, (ConvInput Input, ConvWeights Weights)> _binarised = [];

    /// <summary>What the estimator has made of the activations and the weights of each binary layer, by its name.</summary>
    public IReadOnlyDictionary<string, (ConvInput Input, ConvWeights Weights)> Binarised => _binarised;

    // A network of real layers alone has no signs.
    private bool _hasSigns;

    /// <summary>Records the layers that lead from the images [N,H,W,C] to a value.</summary>
    public Variable Record(Layers network, Variable images, Value result)
    {
        _variables[network.Image] = images;
        _hasSigns = !realActivations && network.Written.Any(layer => layer is BinaryUnitLayer or BinaryConvLayer or BinaryLinearLayer);
        foreach (Layer layer in network.Written)
            _variables[layer.Output] = Record(layer);
        return _variables[result];
    }

    /// <summary>What a layer's value has become on the tape.</summary>
    internal Variable Recorded(Value value) => Of(value);

    private Variable Record(Layer layer) => layer switch
    {
        ConvLayer l => Conv.Record(tape, l.Name, Of(l.Input), Weight(l.Name, l.Input, l.Sizes, isBinary: false).Variable,
            l.Sizes.Stride, l.Sizes.Padding, _hasSigns),
        BinaryUnitLayer l => Unit(l),
        BinaryConvLayer l => BinaryConvolution(l.Name, l.Input, l.Sizes),
        BinaryLinearLayer l => BinaryLinear(l),
        BatchNormLayer l => BatchNorm.Record(tape, l.Name, Of(l.Input), l.Rectify, l.Settings, Maybe(l.Shortcut),
            l.Input.Flattened is { } s ? PublishedLayout.FlattenedVector(s[0], s[1], s[2]) : null),
        ActivationLayer l => Activate(l.Name, l.Activation, Of(l.Input)),
        ShortcutPadLayer l => ShortcutPad.Record(tape, l.Name, Of(l.Input), l.Output.Shape.Last),
        MaxPoolLayer l => MaxPool.Record(tape, l.Name, Of(l.Input), l.Window),
        AveragePoolLayer { Size: { } size } l => AveragePool.Record(tape, l.Name, Of(l.Input), size),
        AveragePoolLayer l => AveragePool.Record(tape, l.Name, Of(l.Input)),
        FlattenLayer l => Flatten.Record(tape, l.Name, Of(l.Input)),
        LinearLayer l => Linear(l),
        _ => throw new ArgumentException($"{layer.Name}: no ops for {layer.GetType().Name}"),
    };

    private Variable Unit(BinaryUnitLayer l)
    {
        Parameter latent = Weight(l.Name, l.Input, l.Sizes, isBinary: true);
        var (input, weights) = Binarize(l.Name, Of(l.Input), latent);
        var (stride, padding) = (l.Sizes.Stride, l.Sizes.Padding);
        if (l.Activation == Activation.Relu)
            return BinaryUnit.Record(tape, l.Name, l.Norm, input, weights, stride, padding, l.Settings, Maybe(l.Shortcut));
        if (l.Activation == Activation.None && BinaryUnitEvaluation.TryRecord(tape, (l.Name, l.Norm), input, weights, (stride, padding),
            rectify: false, l.Settings, Maybe(l.Shortcut)) is { } evaluated)
        {
            return evaluated;
        }

        Variable y = Activate(l.Name + ".activation", l.Activation, BinaryConv.Record(tape, l.Name, input, weights, stride, padding));
        return BatchNorm.Record(tape, l.Norm, y, rectify: false, l.Settings, Maybe(l.Shortcut));
    }

    private Variable Activate(string name, Activation activation, Variable x) => activation switch
    {
        Activation.Relu => Relu.Record(tape, name, x),
        Activation.HardTanh => HardTanh.Record(tape, name, x),
        _ => x,
    };

    private Variable BinaryConvolution(string name, Value x, in ConvSizes sizes)
    {
        Parameter latent = Weight(name, x, sizes, isBinary: true);
        var (input, weights) = Binarize(name, Of(x), latent);
        return BinaryConv.Record(tape, name, input, weights, sizes.Stride, sizes.Padding);
    }

    private Variable Linear(LinearLayer l)
    {
        Parameter weight = tape.Parameters.Parameter(l.Name + ".weight", LinearWeight(l.Input, l.Output), l.Weight);
        Parameter bias = tape.Parameters.Parameter(l.Name + ".bias", PublishedLayout.Same(l.Output.Shape), l.Bias);
        return Ops.Linear.Record(tape, l.Name, Of(l.Input), weight, bias);
    }

    /// <summary>A 1x1 binary convolution of images of one pixel: an estimator fills the slots of every binary layer alike.</summary>
    private Variable BinaryLinear(BinaryLinearLayer l)
    {
        Variable x = Of(l.Input);
        int images = x.Shape[0], outputs = l.Output.Shape.Last;
        PublishedLayout layout = LinearWeight(l.Input, l.Output).AsConvolution();
        Parameter latent = tape.Parameters.Parameter(l.Name + ".weight", layout, Start(l.Weight), isBinary: true);
        Variable pixels = Reshape.Record(tape, x, new Shape(images, 1, 1, x.Shape.Last));
        var (input, weights) = Binarize(l.Name, pixels, latent);
        Variable y = BinaryConv.Record(tape, l.Name, input, weights, stride: 1, padding: 0);
        y = Reshape.Record(tape, y, new Shape(images, outputs));
        return l.Bias is { } start ? Biased(l.Name, y, start) : y;
    }

    private Variable Biased(string layer, Variable y, Initialisation start)
    {
        bool isBinary = estimator.BinarizesBiases;
        Parameter bias = tape.Parameters.Parameter(layer + ".bias", PublishedLayout.Same(new Shape(y.Shape.Last)),
            isBinary ? Start(start) : start, isBinary);
        Variable b = isBinary ? estimator.BinarizeBias(tape, layer + ".bias", bias.Variable) : bias.Variable;
        return ChannelBias.Record(tape, layer + ".biased", y, b);
    }

    private (ConvInput Input, ConvWeights Weights) Binarize(string name, Variable x, Parameter latent) =>
        _binarised[name] = estimator.Binarize(tape, name, x, latent.Variable, realActivations);

    private static PublishedLayout LinearWeight(Value x, Value y) => x.Flattened is { } s
        ? PublishedLayout.Flattened(y.Shape.Last, s[0], s[1], s[2])
        : PublishedLayout.Same(new Shape(y.Shape.Last, x.Shape.Last));

    private Parameter Weight(string name, Value x, in ConvSizes sizes, bool isBinary) => tape.Parameters.Parameter(
        name + ".weight", PublishedLayout.Convolution(sizes.Channels, x.Shape.Last, sizes.Kernel),
        isBinary ? Start(sizes.Initialisation) : sizes.Initialisation, isBinary);

    /// <summary>How latent weights start: as the estimator wants them, or as the network does.</summary>
    private Initialisation Start(Initialisation networks) => estimator.LatentStart ?? networks;

    private Variable Of(Value value) => _variables.TryGetValue(value, out Variable? variable)
        ? variable
        : throw new ArgumentException($"the value {value.Shape} belongs to another network");

    private Variable? Maybe(Value? value) => value == null ? null : Of(value);
}
