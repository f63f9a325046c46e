using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// Batch norm over all axes but the last; optionally of max(x, 0), the order binary networks use, and with a shortcut added after it.
/// x, y, shortcut [.., C]. Training uses the batch's statistics, evaluation the running ones.
/// </summary>
internal sealed class BatchNorm : Op
{
    private readonly Variable _x, _y;
    private readonly NormParameters _norm;
    private readonly Variable? _shortcut;
    private readonly bool _rectify, _training;
    private readonly Tensor _mean, _invStd;
    private readonly Tensor? _forwardScratch, _backwardScratch;
    private readonly IBatchNormLinks? _links;
    private Tensor? _signs;
    private bool _leavesGradient, _leavesSecondHalf, _statisticsAreGiven, _sumsAreGiven;
    private GradMode _mode, _shortcutMode;

    private BatchNorm(Tape tape, string name, Variable x, bool rectify, in BatchNormSettings settings, Variable? shortcut,
        PublishedLayout? layout)
    {
        int channels = x.Shape.Last;
        _x = x;
        _rectify = rectify;
        _training = tape.Training;
        _shortcut = shortcut;
        _norm = new NormParameters(tape, name, layout ?? PublishedLayout.Same(new Shape(channels)), settings);
        _mean = tape.NewTensor(name + ".mean", new Shape(channels));
        _invStd = tape.NewTensor(name + ".inv_std", new Shape(channels));
        _y = tape.NewVariable(name, x.Shape);
        _links = tape.Device.Kernels as IBatchNormLinks;
        if (!tape.Training)
            return;
        _forwardScratch = tape.NewScratch(name + ".forward_scratch",
            tape.Device.Kernels.ScratchBytes(ScratchUse.BatchNormForward, x.Shape));
        _backwardScratch = tape.NewScratch(name + ".backward_scratch",
            tape.Device.Kernels.ScratchBytes(ScratchUse.BatchNormBackward, x.Shape));
    }

    internal override Variable? Output => _y;

    internal override IEnumerable<Tensor?> ForwardTouches =>
        [_x.Value, _shortcut?.Value, _mean, _invStd, _y.Value, _signs, _forwardScratch];

    internal override IEnumerable<Tensor?> BackwardTouches =>
        [_y.Gradient, _x.Value, _mean, _invStd, _norm.DGamma, _norm.DBeta, XGradient, _shortcut?.Gradient, _backwardScratch];

    // Null where nobody needs it, or its only reader finds it on the way.
    private Tensor? XGradient => _leavesGradient ? null : _x.Gradient;

    /// <summary>Records it; what it owns is published in a layout, or as it is where that is null.</summary>
    public static Variable Record(Tape tape, string name, Variable x, bool rectify, in BatchNormSettings settings, Variable? shortcut,
        PublishedLayout? layout = null)
    {
        CheckShapes(tape, name, x.Shape, shortcut);
        var op = new BatchNorm(tape, name, x, rectify, settings, shortcut, layout);
        tape.Record(op);
        return op._y;
    }

    /// <summary>Throws where batch norm cannot be recorded on an input of this shape.</summary>
    public static void CheckShapes(Tape tape, string name, Shape x, Variable? shortcut)
    {
        if (shortcut != null && shortcut.Shape != x)
            throw new ArgumentException($"{name}: the shortcut {shortcut.Shape} and the input {x} must agree");
        if (tape.Training && x.Rows < 2)
            throw new ArgumentException($"{name}: batch norm of {x} needs more than one value a channel in training");
    }

    /// <summary>Packs the signs of the result in its own pass from now on, where the device does that and none asked before.</summary>
    public bool PacksInto(Tensor signs)
    {
        if (_signs != null || _links?.PacksNormSigns(_y.Shape) != true)
            return false;
        _signs = signs;
        return true;
    }

    /// <summary>
    /// Leaves all that comes after the statistics to the first reader of the result, which takes its signs; null where it cannot.
    /// </summary>
    public NormApplication? TakeSecondHalf(RunOrder order, Op reader)
    {
        if (_signs == null || !order.IsFirstAfter(this, reader, _y.Value, _signs))
            return null;
        _leavesSecondHalf = true;
        return Application;
    }

    public override void Forward(IKernels kernels)
    {
        if (_signs != null || _statisticsAreGiven || _leavesSecondHalf)
            ForwardInHalves();
        else if (_training)
            kernels.BatchNormForward(_x.Value, _rectify, _norm.Gamma, _norm.Beta, _shortcut?.Value, _norm.RunningMean,
                _norm.RunningVariance, _norm.Settings, _mean, _invStd, _y.Value, _forwardScratch);
        else
            kernels.BatchNormEvaluate(_x.Value, _rectify, _norm.Gamma, _norm.Beta, _shortcut?.Value, _norm.RunningMean,
                _norm.RunningVariance, _norm.Settings, _y.Value);
    }

    private NormStatistics Statistics =>
        new(_rectify, _norm.Settings, _mean, _invStd, _norm.RunningMean, _norm.RunningVariance, _forwardScratch!);

    private NormGradient Gradient =>
        new(_y.Gradient!, _x.Value, _rectify, _norm.Gamma, _mean, _invStd, _norm.DGamma, _norm.DBeta);

    private void ForwardInHalves()
    {
        if (_training && !_statisticsAreGiven)
            _links!.NormStatistics(_x.Value, Statistics);
        if (!_leavesSecondHalf)
            _links!.NormApply(Application);
    }

    private NormApplication Application => new(Applied, _shortcut?.Value, _y.Value, _signs);

    private AppliedNorm Applied => new(_x.Value, _rectify, _norm.Gamma, _norm.Beta, _training ? _mean : _norm.RunningMean,
        _training ? _invStd : _norm.RunningVariance, _training ? null : _norm.Settings.Epsilon);

    public override void Backward(IKernels kernels)
    {
        if (!_sumsAreGiven)
        {
            kernels.BatchNormBackward(_y.Gradient!, _x.Value, _rectify, _norm.Gamma, _mean, _invStd, _norm.DGamma, _norm.DBeta,
                XGradient, _mode, _backwardScratch);
        }
        else if (XGradient is { } dx)
        {
            _links!.NormInputGrad(Gradient, dx, _mode);
        }
        if (_shortcutMode != GradMode.None)
            kernels.Accumulate(_y.Gradient!, _shortcut!.Gradient!, _shortcutMode);
    }

    internal override void Link(RunOrder order)
    {
        if (!_training || order.MakerOf(_x) is not { } maker || maker is not INormSource source)
            return;
        // Nothing else may use the working memory, or the statistics, from the maker on.
        _statisticsAreGiven = order.NextForward(maker) == this && source.GivesStatistics(Statistics);
        // Nor may anything change the gradient before the maker reads it.
        _leavesGradient = _mode == GradMode.Write && order.NextBackward(this) == maker && source.TakesGradient(Gradient);
    }

    /// <summary>
    /// Leaves its result to the op that runs right after it and reads it; null where it is not the next, or there is more to do with it.
    /// </summary>
    public AppliedNorm? LeavesResult(RunOrder order, Op reader)
    {
        if (_links == null || _shortcut != null || _signs != null || order.NextForward(this) != reader)
            return null;
        _leavesSecondHalf = true;
        return Applied;
    }

    /// <summary>
    /// Has an op that writes the gradient of its result find the sums of its backward pass from now on; null where others change that
    /// gradient too, or the device has no such links.
    /// </summary>
    public NormSums? LeavesSums(RunOrder order, Op writer)
    {
        if (!_training || _links == null || _backwardScratch == null || order.LastBefore(this, _y.Gradient!) != writer)
            return null;
        _sumsAreGiven = true;
        return new NormSums(_x.Value, _rectify, _mean, _invStd, _norm.DGamma, _norm.DBeta, _backwardScratch);
    }

    internal override void Connect(Sealing seal)
    {
        _mode = seal.Contribute(_x);
        _norm.Connect(seal);
        if (_shortcut != null)
            _shortcutMode = seal.Share(_shortcut, _y);
    }
}
