using ReSTE.Native.Devices;
using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// [binary convolution, ReLU or nothing, batch norm, shortcut] on a tape that evaluates, on devices that fold the parameters into it once.
/// x [N,H,W,I], y and shortcut [N,OH,OW,O].
/// </summary>
internal sealed class BinaryUnitEvaluation : Op
{
    private readonly IBinaryUnitEvaluation _kernels;
    private readonly EvaluatedUnit _unit;
    private readonly Variable _y;

    private BinaryUnitEvaluation(Tape tape, (string Conv, string Norm) names, SignInput x, SignWeights w, in ConvGeometry g, bool rectify,
        in BatchNormSettings settings, Variable? shortcut)
    {
        _kernels = (IBinaryUnitEvaluation)tape.Device.Kernels;
        var norm = new NormParameters(tape, names.Norm, PublishedLayout.Same(new Shape(g.O)), settings);
        _y = tape.NewVariable(names.Norm, g.Output);
        _y.Signs = tape.NewTensor(names.Norm + ".signs", SignPack.Packed(g.Output), ElementType.Bits32);
        _unit = new EvaluatedUnit
        {
            Geometry = g,
            XSigns = x.Bits,
            WSigns = w.Signs.Value,
            Scale = w.OutputScale?.Value ?? w.Scale,
            Rectify = rectify,
            Epsilon = settings.Epsilon,
            Gamma = norm.Gamma,
            Beta = norm.Beta,
            RunningMean = norm.RunningMean,
            RunningVariance = norm.RunningVariance,
            Shortcut = shortcut?.Value,
            Folded = tape.NewScratch(names.Conv + ".folded", _kernels.FoldedBytes(g))!,
            Scratch = tape.NewScratch(names.Conv + ".evaluation_scratch", _kernels.UnitEvaluationBytes(g)),
            Y = _y.Value,
            YSigns = _y.Signs,
        };
    }

    internal override Variable? Output => _y;
    internal override ConvGeometry? Geometry => _unit.Geometry;
    internal override LaunchWork ForwardProducts => new(0, Bits: _unit.Geometry.Products);

    internal override IEnumerable<Tensor?> ParameterTouches => [_unit.WSigns, _unit.Scale, _unit.Folded];

    internal override IEnumerable<Tensor?> ForwardTouches =>
        [_unit.XSigns, _unit.Folded, _unit.Shortcut, _unit.Scratch, _unit.Y, _unit.YSigns];

    /// <summary>Whether a tape evaluates on a device that has these units.</summary>
    public static bool IsOffered(Tape tape) => !tape.Training && tape.Device.Kernels is IBinaryUnitEvaluation { EvaluatesUnits: true };

    /// <summary>Records the unit; null where the tape trains, the device has none, or the weights are not those of parameters.</summary>
    /// <param name="tape">Where.</param>
    /// <param name="names">Of the convolution and of the batch norm.</param>
    /// <param name="x">[N,H,W,I].</param>
    /// <param name="w">[O,K,K,I].</param>
    /// <param name="steps">Of the convolution.</param>
    /// <param name="rectify">Whether a ReLU follows it.</param>
    /// <param name="settings">Constants of batch norm.</param>
    /// <param name="shortcut">[N,OH,OW,O] or null.</param>
    public static Variable? TryRecord(Tape tape, (string Conv, string Norm) names, ConvInput x, ConvWeights w,
        (int Stride, int Padding) steps, bool rectify, in BatchNormSettings settings, Variable? shortcut)
    {
        if (!IsOffered(tape) || x is not SignInput signs || w is not SignWeights { AreConstant: true } weights
            || !IsScaledOnce(tape, weights))
        {
            return null;
        }

        ConvGeometry g = ConvGeometry.Of(names.Conv, signs.X.Shape, weights.Signs.GradientShape, steps.Stride, steps.Padding);
        BatchNorm.CheckShapes(tape, names.Norm, g.Output, shortcut);
        var op = new BinaryUnitEvaluation(tape, names, signs, weights, g, rectify, settings, shortcut);
        tape.Record(op);
        return op._y;
    }

    public override void ReadParameters(IKernels kernels) => _kernels.FoldUnit(_unit);

    public override void Forward(IKernels kernels) => _kernels.EvaluateUnit(_unit);

    internal override void Link(RunOrder order)
    {
        var pool = order.OnlyReaderOf(_y.Value, this) as MaxPool;
        bool poolTakesSigns = pool?.TakesSigns(order) == true;
        if (poolTakesSigns || order.IsBetween(_y.Value, this, this))
            _unit.Y = null;
        if (!poolTakesSigns && order.IsBetween(_y.Signs!, this, pool ?? (Op)this))
            _unit.YSigns = null;
    }

    // Two scales round twice.
    private static bool IsScaledOnce(Tape tape, SignWeights w) =>
        w.OutputScale == null || (w.Scale == null && !tape.Owns(w.OutputScale.Value));
}
