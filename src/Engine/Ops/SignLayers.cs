using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// <see cref="BinarizeWeights"/> of all layers of a tape as one op, on devices that take them together. It stands before all others:
/// weights are there from the start, and backward it comes after all layers that give gradients. Those of real layers that are left in
/// slices it adds up too.
/// </summary>
internal sealed class SignLayers : Op
{
    private readonly Tape _tape;
    private readonly ISignLayers _kernels;
    private readonly List<SignLayer> _layers = [];
    private readonly List<SlicedGradient> _others = [];
    private readonly List<(Variable W, Variable Signs)> _variables = [];
    private readonly Alike _alike;
    private bool _isStepped;

    private SignLayers(Tape tape, ISignLayers kernels, Alike alike) => (_tape, _kernels, _alike) = (tape, kernels, alike);

    internal override string Layer => "binary weights";

    internal override IEnumerable<Tensor?> ForwardTouches => _layers.SelectMany(l => new[] { l.W, l.Signs, l.Scale });

    internal override IEnumerable<Tensor?> BackwardTouches =>
        [.. _layers.SelectMany(l => new[] { l.W, l.Scale, l.DSigns, l.Dw }), .. _others.SelectMany(o => new[] { o.Slices, o.Dw })];

    private bool HasGradients => _layers.Any(l => l.Mode != GradMode.None);

    /// <summary>Adds a layer, or returns null where the device takes layers one by one, or its weights are made on the tape.</summary>
    /// <param name="tape">Where.</param>
    /// <param name="name">Of the layer.</param>
    /// <param name="w">real [O,K,K,I].</param>
    /// <param name="hasScale">Whether the layer has a scale.</param>
    /// <param name="attached">Whether the gradient flows through the scale.</param>
    /// <param name="slope">Stands for the derivative of sign.</param>
    /// <param name="slopeParameters">real [4].</param>
    public static SignWeights? Join(Tape tape, string name, Variable w, bool hasScale, bool attached, SlopeKind slope,
        Tensor slopeParameters)
    {
        if (tape.Device.Kernels is not ISignLayers { TakesLayersTogether: true } kernels || tape.Owns(w.Value))
            return null;
        var alike = new Alike(hasScale, attached, slope, slopeParameters);
        return tape.Gather(alike, () => new SignLayers(tape, kernels, alike)).Add(name, w);
    }

    public override void Forward(IKernels kernels) => _kernels.BinarizeWeights(_layers);

    public override void Backward(IKernels kernels)
    {
        if (_isStepped)
            _kernels.SumWeightGradients(_layers, _others, _alike.Attached);
        else if (HasGradients)
            _kernels.BinarizeWeightsBackward(_layers, _others, _alike.Attached, _alike.Slope, _alike.SlopeParameters);
    }

    /// <summary>
    /// Leaves the last of its backward pass to an update right after it, which does <see cref="Step"/> in its own place; false where the
    /// binary weights of a set of parameters are not just those of its layers, or the device does not do that.
    /// </summary>
    public bool LeavesStep(ParameterSet parameters)
    {
        _isStepped = _layers.All(l => l.Mode == GradMode.Write) && _kernels.StepsLayers(_layers.Count + _others.Count)
            && parameters.Parameters.Where(p => p.IsBinary).Select(p => p.Value).ToHashSet().SetEquals(_layers.Select(l => l.W));
        return _isStepped;
    }

    /// <summary>The gradients of its layers, then a step of SGD of all parameters.</summary>
    public void Step(FlatTensors all, FlatTensors binary, Tensor momentum, Tensor knobs) => _kernels.SignLayersSgdStep(_layers,
        _alike.Attached, _alike.Slope, _alike.SlopeParameters, all.Values, all.Gradients, momentum, knobs, (int)binary.Values.Shape.Count);

    internal override void Connect(Sealing seal)
    {
        for (int i = _layers.Count - 1; i >= 0; i--)
        {
            SignLayer layer = _layers[i];
            layer.DSigns ??= _variables[i].Signs.Gradient;
            if (layer.DSigns == null)
                continue;
            layer.Mode = seal.Contribute(_variables[i].W);
            layer.Dw = _variables[i].W.Gradient;
        }
    }

    internal override void Link(RunOrder order)
    {
        if (!HasGradients)
            return;
        foreach (Conv conv in order.BackwardBefore(this).OfType<Conv>())
        {
            if (conv.LeavesSlices(order, _kernels) is { } slices)
                _others.Add(slices);
        }
    }

    private SignWeights Add(string name, Variable w)
    {
        var signs = new Variable(_tape.NewTensor(name + ".signs", SignPack.Packed(w.Shape), ElementType.Bits32), _tape.Training, w.Shape);
        Tensor? scale = _alike.HasScale ? _tape.NewTensor(name + ".scale", new Shape(1)) : null;
        var layer = new SignLayer { W = w.Value, Signs = signs.Value, Scale = scale };
        _layers.Add(layer);
        _variables.Add((w, signs));
        return new SignWeights(signs, scale) { Layer = layer };
    }

    /// <summary>What layers must have in common.</summary>
    private sealed record Alike(bool HasScale, bool Attached, SlopeKind Slope, Tensor SlopeParameters);
}
