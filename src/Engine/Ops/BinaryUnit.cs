using ReSTE.Native.Estimators;
using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// [binary convolution, ReLU, batch norm, shortcut] as one op, on devices that fuse it; elsewhere <see cref="BinaryConv"/> and
/// <see cref="BatchNorm"/>, which compute the same. x [N,H,W,I], y and shortcut [N,OH,OW,O].
/// </summary>
internal sealed class BinaryUnit : Op
{
    private readonly Variable _x, _y;
    private readonly NormParameters _norm;
    private readonly Variable? _shortcut;
    private readonly BinarizeWeights _weights;
    private readonly IFusedKernels _fused;
    private readonly BinaryUnitArguments _unit;
    private readonly bool _packsInput;
    private GradMode _shortcutMode;

    private BinaryUnit(Tape tape, IFusedKernels fused, string conv, string norm, Variable x, BinarizeWeights weights, in ConvGeometry g, SlopeKind slope,
        Variable? shortcut)
    {
        Shape channels = new(g.O);
        _fused = fused;
        _x = x;
        _shortcut = shortcut;
        _weights = weights;
        _norm = new NormParameters(tape.Parameters, norm, g.O);
        _y = tape.NewVariable(norm, g.Output);
        _y.Signs = tape.NewTensor(norm + ".signs", new Shape(g.N, g.OH, g.OW, Bits.Words(g.O)), ElementType.Bits32);
        _packsInput = x.Signs == null;
        _unit = new BinaryUnitArguments
        {
            Geometry = g,
            Training = tape.Training,
            X = x.Value,
            XSigns = x.Signs ?? tape.NewTensor(conv + ".input_signs", new Shape(g.N, g.H, g.W, Bits.Words(g.I)), ElementType.Bits32),
            WSigns = weights.Signs.Value,
            Scale = weights.Scale,
            Gamma = _norm.Gamma.Value,
            Beta = _norm.Beta.Value,
            RunningMean = _norm.RunningMean,
            RunningVariance = _norm.RunningVariance,
            Shortcut = shortcut?.Value,
            Conv = tape.NewTensor(conv, g.Output),
            Mean = tape.NewTensor(norm + ".mean", channels),
            InvStd = tape.NewTensor(norm + ".inv_std", channels),
            Y = _y.Value,
            YSigns = _y.Signs,
            Slope = slope,
            Knobs = tape.Parameters.Knobs.Tensor,
            ForwardScratch = tape.NewScratch(conv + ".forward_scratch", tape.Device.Kernels.ScratchBytes(ScratchUse.BinaryUnitForward, g)),
            BackwardScratch = tape.NewScratch(conv + ".backward_scratch", tape.Device.Kernels.ScratchBytes(ScratchUse.BinaryUnitBackward, g)),
        };
    }

    internal override Variable? Output => _y;

    internal override IEnumerable<Tensor?> ForwardTouches =>
    [
        _unit.X, _unit.XSigns, _unit.WSigns, _unit.Scale, _unit.Shortcut, _unit.Conv, _unit.Mean, _unit.InvStd, _unit.Y, _unit.YSigns,
        _unit.ForwardScratch,
    ];

    internal override IEnumerable<Tensor?> BackwardTouches =>
    [
        _unit.X, _unit.XSigns, _unit.WSigns, _unit.Scale, _unit.Conv, _unit.Mean, _unit.InvStd, _unit.Dy, _unit.DSigns, _unit.Dx, _shortcut?.Gradient,
        _unit.BackwardScratch,
    ];

    /// <summary>Records the unit, fused where the device can. With <paramref name="realActivations"/> (1W/32A) x is not binarised, and nothing is fused.</summary>
    public static Variable Record(Tape tape, string conv, string norm, Variable x, Parameter w, int stride, int padding, Estimator estimator,
        bool realActivations, Variable? shortcut)
    {
        if (realActivations || tape.Device.Kernels is not IFusedKernels fused)
        {
            Variable y = BinaryConv.Record(tape, conv, x, w, stride, padding, estimator, realActivations);
            return BatchNorm.Record(tape, norm, y, rectify: true, shortcut);
        }

        ConvGeometry g = ConvGeometry.Of(conv, x.Shape, w.Value.Shape, stride, padding);
        BatchNorm.CheckShapes(tape, norm, g.Output, shortcut);
        var weights = new BinarizeWeights(tape, estimator.TransformWeights(tape, w.Variable), conv, estimator);
        tape.Record(weights);
        var op = new BinaryUnit(tape, fused, conv, norm, x, weights, g, estimator.ActivationSlope, shortcut);
        tape.Record(op);
        return op._y;
    }

    public override void Forward(IKernels kernels)
    {
        if (_packsInput)
            kernels.SignPack(_unit.X, _unit.XSigns);
        _fused.BinaryUnitForward(_unit);
    }

    public override void Backward(IKernels kernels)
    {
        _fused.BinaryUnitBackward(_unit);
        if (_shortcutMode != GradMode.None)
            kernels.Accumulate(_unit.Dy!, _shortcut!.Gradient!, _shortcutMode);
    }

    internal override void Connect(Sealing seal)
    {
        _unit.DxMode = seal.Contribute(_x);
        seal.WriteOnly(_weights.Signs);
        seal.WriteOnly(_norm.Gamma);
        seal.WriteOnly(_norm.Beta);
        if (_shortcut != null)
            _shortcutMode = seal.Share(_shortcut, _y);
        (_unit.Dy, _unit.Dx, _unit.DSigns) = (_y.Gradient, _x.Gradient, _weights.Signs.Gradient);
        (_unit.DGamma, _unit.DBeta) = (_norm.Gamma.Gradient, _norm.Beta.Gradient);
    }
}
