using ReSTE.Native.Devices;
using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// [binary convolution, ReLU, batch norm, shortcut] as one op, on devices that fuse it; elsewhere
/// <see cref="BinaryConv"/> and <see cref="BatchNorm"/>, which compute the same. x [N,H,W,I], y and shortcut [N,OH,OW,O].
/// </summary>
internal sealed class BinaryUnit : Op
{
    private readonly SignInput _x;
    private readonly Variable _w, _y;
    private readonly Variable? _shortcut;
    private readonly NormParameters _norm;
    private readonly IBinaryUnit _kernels;
    private readonly BinaryUnitSlices _slices;
    private readonly BinaryUnitArguments _unit;
    private GradMode _shortcutMode;

    private BinaryUnit(Tape tape, string conv, string norm, SignInput x, SignWeights w, in ConvGeometry g, in BatchNormSettings settings,
        Variable? shortcut)
    {
        _x = x;
        _w = w.Signs;
        _shortcut = shortcut;
        _norm = new NormParameters(tape, norm, PublishedLayout.Same(new Shape(g.O)), settings);
        _y = tape.NewVariable(norm, g.Output);
        _y.Signs = tape.NewTensor(norm + ".signs", SignPack.Packed(g.Output), ElementType.Bits32);
        _kernels = (IBinaryUnit)tape.Device.Kernels;
        _slices = new BinaryUnitSlices(tape, _kernels, conv, g, w.Layer);
        _unit = Arguments(tape, conv, norm, w, g);
    }

    internal override Variable? Output => _y;
    internal override string Layer => _unit.Conv.Name;
    internal override ConvGeometry? Geometry => _unit.Geometry;
    internal override LaunchWork ForwardProducts => new(0, Bits: _unit.Geometry.Products);
    internal override LaunchWork BackwardProducts => new(0, Sign: _unit.Geometry.Products * (_unit.DxMode != GradMode.None ? 2 : 1));

    internal override IEnumerable<Tensor?> ForwardTouches =>
    [
        XIfStored, _unit.XSigns, _unit.WSigns, _unit.Scale, _unit.PaddedShortcut ?? _unit.Shortcut, _unit.Conv, _unit.Mean, _unit.InvStd,
        _unit.StoresY ? _unit.Y : null, _unit.YSigns, _unit.ForwardScratch, .. OfSecondHalf,
    ];

    // The products take the signs of x. It is read as a shortcut alone, and written as the result of the op before.
    internal override IEnumerable<Tensor?> ForwardMoves =>
        _shortcut == _x.X || _unit.UnitToFinish != null || _unit.NormToFinish != null
            ? ForwardTouches : ForwardTouches.Where(t => t?.Root != _unit.X.Root);

    // Of the op before, whose second half this unit does: what that reads and does not share with this one.
    private IEnumerable<Tensor?> OfSecondHalf =>
    [
        .. _unit.UnitToFinish is { } u ? [u.Conv, u.Scale, u.Mean, u.InvStd, u.PaddedShortcut ?? u.Shortcut] : Array.Empty<Tensor?>(),
        .. _unit.NormToFinish is var (n, shortcut, _, _) ? [n.X, n.Mean, n.Deviation, shortcut] : Array.Empty<Tensor?>(),
    ];

    internal override IEnumerable<Tensor?> BackwardTouches =>
    [
        XIfStored, _unit.XSigns, _unit.WSigns, _unit.Scale, _unit.Conv, _unit.Mean, _unit.InvStd, _unit.Dy, _unit.DSigns, _unit.Dx,
        _unit.DPadded, _unit.DShortcut, _norm.DGamma, _norm.DBeta, _shortcutMode == GradMode.None ? null : _shortcut!.Gradient,
        _unit.LeavesWeights ? null : _unit.DSlices, _unit.BackwardScratch, .. OfPrevious,
    ];

    /// <summary>What its kernels read and write.</summary>
    internal BinaryUnitArguments Unit => _unit;

    private Tensor? XIfStored => _unit.StoresX ? _unit.X : null;

    // Of its Conv, mean and deviation this unit finds X, and the sums that the previous one starts with.
    private IEnumerable<Tensor?> OfPrevious => _unit.Previous is { } previous
        ? [previous.Conv, previous.Scale, previous.Mean, previous.InvStd, previous.DGamma, previous.DBeta]
        : [];

    /// <summary>Records the unit, fused where device and operands allow it.</summary>
    /// <param name="tape">Where.</param>
    /// <param name="conv">Name of the convolution.</param>
    /// <param name="norm">Name of the batch norm.</param>
    /// <param name="x">[N,H,W,I].</param>
    /// <param name="w">[O,K,K,I].</param>
    /// <param name="stride">Pixels from one tap to the next.</param>
    /// <param name="padding">Pixels of zero padding.</param>
    /// <param name="settings">Constants of batch norm.</param>
    /// <param name="shortcut">[N,OH,OW,O] or null.</param>
    public static Variable Record(Tape tape, string conv, string norm, ConvInput x, ConvWeights w, int stride, int padding,
        in BatchNormSettings settings, Variable? shortcut)
    {
        if (BinaryUnitEvaluation.TryRecord(tape, (conv, norm), x, w, (stride, padding), rectify: true, settings, shortcut) is { } evaluated)
            return evaluated;
        if (x is SignInput signs && w is SignWeights { Scale.Shape.Count: 1, OutputScale: null } weights)
        {
            ConvGeometry g = ConvGeometry.Of(conv, signs.X.Shape, weights.Signs.GradientShape, stride, padding);
            if (IsFused(tape.Device.Kernels, g) && (tape.Training || tape.Device.Kernels is not IBinaryUnitEvaluation))
            {
                BatchNorm.CheckShapes(tape, norm, g.Output, shortcut);
                var op = new BinaryUnit(tape, conv, norm, signs, weights, g, settings, shortcut);
                tape.Record(op);
                return op._y;
            }
        }

        Variable y = BinaryConv.Record(tape, conv, x, w, stride, padding);
        return BatchNorm.Record(tape, norm, y, rectify: true, settings, shortcut);
    }

    /// <summary>Pads a shortcut itself from now on, that of x, where it is this unit's.</summary>
    public bool PadsShortcut(Variable shortcut, Tensor x)
    {
        if (_shortcut != shortcut)
            return false;
        _unit.PaddedShortcut = x;
        return true;
    }

    public override void Forward(IKernels kernels) => _kernels.BinaryUnitForward(_unit);

    public override void Backward(IKernels kernels)
    {
        _kernels.BinaryUnitBackward(_unit);
        if (_shortcutMode != GradMode.None)
            kernels.Accumulate(_unit.Dy!, _shortcut!.Gradient!, _shortcutMode);
    }

    internal override void Connect(Sealing seal)
    {
        _unit.DxMode = seal.ContributeFrom(_x.X, out Tensor? start);
        _unit.DShortcut = start;
        if (_unit.DSlices == null)
            seal.WriteOnly(_w);
        _norm.Connect(seal);
        if (_shortcut != null)
            _shortcutMode = seal.Share(_shortcut, _y, keep: _slices.Gathers != null);
        (_unit.Dy, _unit.Dx, _unit.DSigns) = (_y.Gradient, _x.X.Gradient, _w.Gradient);
        (_unit.DGamma, _unit.DBeta) = (_norm.DGamma, _norm.DBeta);
    }

    internal override void Link(RunOrder order)
    {
        FinishMaker(order);
        bool addsShortcut = _unit.DxMode == GradMode.None || _unit.DShortcut != null;
        var next = addsShortcut ? null : order.NextBackward(this, _unit.Dx!) as ShortcutPad;
        _unit.DPadded = next?.TakeBackward(order, this, _x.X);
        // As a shortcut x is read as it is, and the shortcut's gradient added to that of x after this.
        if (_shortcut != _x.X && order.MakerOf(_x.X) is BinaryUnit maker)
            LinkTo(maker, order, _unit.DPadded == null ? this : next!);
        BinaryUnitWeightGrads.Gather(order, this);
    }

    /// <summary>
    /// What finds its weights' gradient with those of other units, later in the backward pass; null where it has to do so itself, for its
    /// own gradient would not be there.
    /// </summary>
    internal IBinaryUnitWeightGrads? GathersWeights(RunOrder order) =>
        _unit.Dy is { } dy && order.StaysAfterItsOp(dy) ? _slices.Gathers : null;

    /// <summary>Leaves the weights' gradient, in a number of slices, to others.</summary>
    internal void LeaveWeights(int slices)
    {
        _slices.Leave(slices);
        _unit.DSlices = _slices.Tensor;
        _unit.LeavesWeights = true;
    }

    private void FinishMaker(RunOrder order)
    {
        if (!_kernels.TakesSecondHalf(_unit.Geometry))
            return;
        if (order.MakerOf(_x.X) is BatchNorm norm)
            _unit.NormToFinish = norm.TakeSecondHalf(order, this);
        else if (order.MakerOf(_x.X) is BinaryUnit maker && order.IsFirstAfter(maker, this, maker._unit.Y, maker._unit.YSigns))
            (_unit.UnitToFinish, maker._unit.LeavesSecondHalf) = (maker._unit, true);
    }

    /// <summary>
    /// Has an op that writes the gradient of its result find the sums of its backward pass from now on; null where others change that
    /// gradient too.
    /// </summary>
    public BinaryUnitArguments? LeavesSums(RunOrder order, Op writer)
    {
        if (!_unit.Training || order.LastBefore(this, _unit.Dy!) != writer)
            return null;
        _unit.SumsAreGiven = true;
        return _unit;
    }

    // `last` does the last of this unit's work for the gradient of x.
    private void LinkTo(BinaryUnit maker, RunOrder order, Op last)
    {
        BinaryUnitArguments previous = maker._unit;
        bool givesSums = _unit.DxMode != GradMode.None && order.LastBefore(maker, previous.Dy!) == last;
        bool findsX = maker._shortcut == null && order.IsBetween(previous.Y, maker, this);
        if (!givesSums && !findsX)
            return;
        _unit.Previous = previous;
        _unit.GivesSums = previous.SumsAreGiven = givesSums;
        previous.StoresY = !findsX;
    }

    /// <summary>Whether a device fuses the unit of a convolution.</summary>
    internal static bool IsFused(IKernels kernels, in ConvGeometry g) => kernels is IBinaryUnit units && units.FusesUnit(g);

    private Tensor? BackwardScratch(Tape tape, string conv, in ConvGeometry g)
    {
        if (!tape.Training)
            return null;
        ScratchUse use = _slices.Tensor == null ? ScratchUse.BinaryUnitBackward : ScratchUse.BinaryUnitBackwardOfSlices;
        return tape.NewScratch(conv + ".backward_scratch", tape.Device.Kernels.ScratchBytes(use, g));
    }

    private BinaryUnitArguments Arguments(Tape tape, string conv, string norm, SignWeights w, in ConvGeometry g) => new()
    {
        Geometry = g,
        Training = tape.Training,
        X = _x.X.Value,
        XSigns = _x.Bits,
        WSigns = w.Signs.Value,
        Scale = w.Scale!,
        Settings = _norm.Settings,
        Gamma = _norm.Gamma,
        Beta = _norm.Beta,
        RunningMean = _norm.RunningMean,
        RunningVariance = _norm.RunningVariance,
        Shortcut = _shortcut?.Value,
        Conv = tape.NewTensor(conv, g.Output, _kernels.UnitConvType ?? tape.Device.Real),
        Mean = tape.NewTensor(norm + ".mean", new Shape(g.O)),
        InvStd = tape.NewTensor(norm + ".inv_std", new Shape(g.O)),
        Y = _y.Value,
        YSigns = _y.Signs!,
        Slope = _x.Slope,
        SlopeParameters = _x.SlopeParameters,
        ForwardScratch = tape.NewScratch(conv + ".forward_scratch", tape.Device.Kernels.ScratchBytes(ScratchUse.BinaryUnitForward, g)),
        BackwardScratch = BackwardScratch(tape, conv, g),
        DSlices = _slices.Tensor,
    };
}
