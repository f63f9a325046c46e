using ReSTE.Native.Operations;
using ReSTE.Native.Randomness;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>What multiplies binary weights.</summary>
internal enum WeightScale
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>One number a layer: the mean of |w|.</summary>
    Layer,

    /// <summary>One number a filter: the mean of its |w|.</summary>
    Channel,

    /// <summary>One number a filter: the power of 2 nearest to the mean of its |w|, which has no gradient.</summary>
    PowerOfTwo,
}

/// <summary>
/// Weights [O,K,K,I] to packed signs [O,K,K,words] and their scale. Attached, the gradient flows through the scale too. Signs may be drawn
/// anew in every step, with the probability that <see cref="BernoulliPack"/> gives them.
/// </summary>
internal sealed class BinarizeWeights : Op
{
    private readonly Variable _w, _signs;
    private readonly Tensor _measured;
    private readonly Tensor? _scale, _counters;
    private readonly BernoulliDraw _draw;
    private readonly WeightScale _kind;
    private readonly bool _attached, _isConstant;
    private readonly SlopeKind _slope;
    private readonly Tensor _slopeParameters;
    private GradMode _mode;

    private BinarizeWeights(Tape tape, string name, Variable w, Tensor measured, WeightScale scale, bool attached, SlopeKind slope,
        Tensor slopeParameters, int? drawnLayer)
    {
        if (attached && (scale == WeightScale.PowerOfTwo || measured != w.Value))
            throw new ArgumentException($"{name}: this scale has no gradient of its own");
        if (scale == WeightScale.None && measured != w.Value)
            throw new ArgumentException($"{name}: nothing is measured without a scale");
        _w = w;
        _measured = measured;
        _kind = scale;
        _attached = attached;
        _slope = slope;
        _slopeParameters = slopeParameters;
        _draw = new BernoulliDraw(RandomStream.WeightSigns, drawnLayer ?? 0);
        _counters = drawnLayer == null ? null : BernoulliPack.CountersOf(tape, name);
        _isConstant = drawnLayer == null && BinaryUnitEvaluation.IsOffered(tape) && !tape.Owns(w.Value) && !tape.Owns(measured);
        _scale = scale == WeightScale.None ? null : tape.NewTensor(name + ".scale", new Shape(scale == WeightScale.Layer ? 1 : w.Shape[0]));
        _signs = new Variable(tape.NewTensor(name + ".signs", SignPack.Packed(w.Shape), ElementType.Bits32), tape.Training, w.Shape);
    }

    /// <summary>The signs, where they are not those of the weights.</summary>
    private Tensor? Drawn => _counters == null ? null : _signs.Value;

    internal override Variable? Output => _signs;
    internal override IEnumerable<Tensor?> ParameterTouches => _isConstant ? [_w.Value, _measured, _signs.Value, _scale] : [];

    internal override IEnumerable<Tensor?> ForwardTouches =>
        _isConstant ? [] : [_w.Value, _measured, _signs.Value, _scale, _counters];
    internal override IEnumerable<Tensor?> BackwardTouches => [_w.Value, _w.Gradient, _signs.Gradient, _scale, Drawn];

    /// <summary>Records it.</summary>
    /// <param name="tape">Where.</param>
    /// <param name="name">Of the layer.</param>
    /// <param name="w">real [O,K,K,I].</param>
    /// <param name="scale">What multiplies the signs.</param>
    /// <param name="attached">Whether the gradient flows through the scale.</param>
    /// <param name="slope">Stands for the derivative of sign.</param>
    /// <param name="slopeParameters">real [4].</param>
    /// <param name="measured">real [O,K,K,I]: the weights whose scale is taken in place of w's; its scale has no gradient.</param>
    /// <param name="drawnLayer">The layer's number where its signs are drawn; null where they are those of w.</param>
    public static SignWeights Record(Tape tape, string name, Variable w, WeightScale scale, bool attached, SlopeKind slope,
        Tensor slopeParameters, Tensor? measured = null, int? drawnLayer = null)
    {
        if (scale is WeightScale.None or WeightScale.Layer && measured == null && drawnLayer == null
            && SignLayers.Join(tape, name, w, scale == WeightScale.Layer, attached, slope, slopeParameters) is { } together)
        {
            return together;
        }

        var op = new BinarizeWeights(tape, name, w, measured ?? w.Value, scale, attached, slope, slopeParameters, drawnLayer);
        tape.Record(op);
        return new SignWeights(op._signs, op._scale) { AreConstant = op._isConstant };
    }

    public override void ReadParameters(IKernels kernels) => Compute(kernels);

    public override void Forward(IKernels kernels)
    {
        if (!_isConstant)
            Compute(kernels);
    }

    private void Compute(IKernels kernels)
    {
        if (_measured == _w.Value)
        {
            kernels.BinarizeWeights(_w.Value, _signs.Value, _scale);
        }
        else
        {
            kernels.BinarizeWeights(_w.Value, _signs.Value, null);
            kernels.MeanMagnitude(_measured, _scale!);
        }

        if (_kind == WeightScale.PowerOfTwo)
            kernels.PowerOfTwo(_scale!);
        if (_counters != null)
            kernels.BernoulliPack(_w.Value, _counters, _draw, _signs.Value);
    }

    public override void Backward(IKernels kernels)
    {
        if (_mode != GradMode.None)
        {
            kernels.BinarizeWeightsBackward(_w.Value, _signs.Gradient!, _scale, _attached, _slope, _slopeParameters, _w.Gradient!, _mode,
                Drawn);
        }
    }

    internal override void Connect(Sealing seal) => _mode = seal.Contribute(_w);
}
