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

    /// <summary>Records the layers that lead from the images [N,H,W,C] to a value.</summary>
    public Variable Record(Layers network, Variable images, Value result)
    {
        _variables[network.Image] = images;
        foreach (Layer layer in network.Written)
            _variables[layer.Output] = Record(layer);
        return _variables[result];
    }

    /// <summary>What a layer's value has become on the tape.</summary>
    internal Variable Recorded(Value value) => Of(value);

    private Variable Record(Layer layer) => layer switch
    {
        ConvLayer l => Conv.Record(tape, l.Name, Of(l.Input), Weight(l.Name, l.Input, l.Sizes, isBinary: false).Variable,
            l.Sizes.Stride, l.Sizes.Padding),
        BinaryUnitLayer l => Unit(l),
        BatchNormLayer l => BatchNorm.Record(tape, l.Name, Of(l.Input), l.Rectify, l.Settings, Maybe(l.Shortcut),
            l.Input.Flattened is { } s ? PublishedLayout.FlattenedVector(s[0], s[1], s[2]) : null),
        ActivationLayer l => Activate(l.Name, l.Activation, Of(l.Input)),
        ShortcutPadLayer l => ShortcutPad.Record(tape, l.Name, Of(l.Input), l.Output.Shape.Last),
        MaxPoolLayer l => MaxPool.Record(tape, l.Name, Of(l.Input), l.Window),
        AveragePoolLayer l => AveragePool.Record(tape, l.Name, Of(l.Input)),
        FlattenLayer l => Flatten.Record(tape, l.Name, Of(l.Input)),
        LinearLayer l => Linear(l),
        _ => throw new ArgumentException($"{layer.Name}: no ops for {layer.GetType().Name}"),
    };

    private Variable Unit(BinaryUnitLayer l)
    {
        Parameter latent = Weight(l.Name, l.Input, l.Sizes, isBinary: true);
        var (input, weights) = estimator.Binarize(tape, l.Name, Of(l.Input), latent.Variable, realActivations);
        var (stride, padding) = (l.Sizes.Stride, l.Sizes.Padding);
        if (l.Activation == Activation.Relu)
            return BinaryUnit.Record(tape, l.Name, l.Norm, input, weights, stride, padding, l.Settings, Maybe(l.Shortcut));
        Variable y = Activate(l.Name + ".activation", l.Activation, BinaryConv.Record(tape, l.Name, input, weights, stride, padding));
        return BatchNorm.Record(tape, l.Norm, y, rectify: false, l.Settings, Maybe(l.Shortcut));
    }

    private Variable Activate(string name, Activation activation, Variable x) => activation switch
    {
        Activation.Relu => Relu.Record(tape, name, x),
        Activation.HardTanh => HardTanh.Record(tape, name, x),
        _ => x,
    };

    private Variable Linear(LinearLayer l)
    {
        int outputs = l.Output.Shape.Last, inputs = l.Input.Shape.Last;
        PublishedLayout layout = l.Input.Flattened is { } s
            ? PublishedLayout.Flattened(outputs, s[0], s[1], s[2])
            : PublishedLayout.Same(new Shape(outputs, inputs));
        Parameter weight = tape.Parameters.Parameter(l.Name + ".weight", layout, l.Weight);
        Parameter bias = tape.Parameters.Parameter(l.Name + ".bias", PublishedLayout.Same(new Shape(outputs)), l.Bias);
        return Ops.Linear.Record(tape, l.Name, Of(l.Input), weight, bias);
    }

    private Parameter Weight(string name, Value x, in ConvSizes sizes, bool isBinary) => tape.Parameters.Parameter(
        name + ".weight", PublishedLayout.Convolution(sizes.Channels, x.Shape.Last, sizes.Kernel), sizes.Initialisation, isBinary);

    private Variable Of(Value value) => _variables.TryGetValue(value, out Variable? variable)
        ? variable
        : throw new ArgumentException($"the value {value.Shape} belongs to another network");

    private Variable? Maybe(Value? value) => value == null ? null : Of(value);
}
