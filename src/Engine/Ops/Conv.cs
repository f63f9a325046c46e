using ReSTE.Native.Devices;
using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>Full-precision convolution without bias: x [N,H,W,I], w [O,K,K,I], y [N,OH,OW,O].</summary>
internal sealed class Conv : Op, INormSource
{
    private readonly Variable _x, _w, _y;
    private readonly ConvGeometry _geometry;
    private readonly Tensor? _forwardScratch, _inputScratch, _weightScratch;
    private readonly IBatchNormLinks? _links;
    private readonly IConvEvaluation? _evaluation;
    private readonly Tensor? _packed;
    private NormGradient? _norm;
    private NormStatistics? _statistics;
    private ISignLayers? _sumsSlices;
    private GradMode _xMode, _wMode;

    private Conv(Tape tape, string name, Variable x, Variable w, in ConvGeometry g, bool decidesSigns)
    {
        _x = x;
        _w = w;
        _geometry = g;
        _y = tape.NewVariable(name, g.Output);
        IKernels kernels = tape.Device.Kernels;
        _links = kernels as IBatchNormLinks;
        _evaluation = decidesSigns && !tape.Training ? kernels as IConvEvaluation : null;
        _packed = tape.NewScratch(name + ".packed", _evaluation?.PackedConvBytes(g) ?? 0);
        _forwardScratch = tape.NewScratch(name + ".forward_scratch",
            _evaluation?.ConvEvaluationBytes(g) ?? kernels.ScratchBytes(ScratchUse.ConvForward, g));
        _inputScratch = tape.NewScratch(name + ".input_grad_scratch", kernels.ScratchBytes(ScratchUse.ConvInputGrad, g));
        _weightScratch = tape.NewScratch(name + ".weight_grad_scratch", kernels.ScratchBytes(ScratchUse.ConvWeightGrad, g));
    }

    internal override Variable? Output => _y;
    internal override ConvGeometry? Geometry => _geometry;
    internal override LaunchWork ForwardProducts => new(0, Real: _geometry.Products);

    internal override LaunchWork BackwardProducts => new(0,
        Real: _geometry.Products * ((_wMode != GradMode.None ? 1 : 0) + (_xMode != GradMode.None ? 1 : 0)));

    internal override IEnumerable<Tensor?> ParameterTouches => _packed == null ? [] : [_w.Value, _packed];

    internal override IEnumerable<Tensor?> ForwardTouches =>
        [_x.Value, _packed ?? _w.Value, _y.Value, _forwardScratch, _statistics?.Mean, _statistics?.InvStd, _statistics?.Scratch];

    internal override IEnumerable<Tensor?> BackwardTouches =>
        [_x.Value, _w.Value, .. Incoming, _x.Gradient, WeightGradient, _inputScratch, _weightScratch];

    // Null where another op writes it.
    private Tensor? WeightGradient => _sumsSlices == null ? _w.Gradient : null;

    private IEnumerable<Tensor?> Incoming =>
        _norm is { } n ? [n.Dy, n.X, n.Gamma, n.Mean, n.InvStd, n.DGamma, n.DBeta] : [_y.Gradient];

    /// <summary>Records it.</summary>
    /// <param name="tape">Where.</param>
    /// <param name="name">Its name.</param>
    /// <param name="x">[N,H,W,I].</param>
    /// <param name="w">[O,K,K,I].</param>
    /// <param name="stride">Pixels from one tap to the next.</param>
    /// <param name="padding">Pixels of zero padding.</param>
    /// <param name="decidesSigns">Whether signs hang on it: then an evaluation sums in double where the device can.</param>
    public static Variable Record(Tape tape, string name, Variable x, Variable w, int stride, int padding, bool decidesSigns = false)
    {
        var op = new Conv(tape, name, x, w, ConvGeometry.Of(name, x.Shape, w.Shape, stride, padding), decidesSigns);
        tape.Record(op);
        return op._y;
    }

    /// <inheritdoc/>
    public bool GivesStatistics(in NormStatistics statistics)
    {
        if (_links?.GivesNormStatistics(_geometry) != true)
            return false;
        _statistics = statistics;
        return true;
    }

    /// <inheritdoc/>
    /// <remarks>Where nobody wants the gradient of its input: that would read it again.</remarks>
    public bool TakesGradient(in NormGradient norm)
    {
        if (_xMode != GradMode.None || _wMode == GradMode.None || _links?.TakesNormGradient(_geometry) != true)
            return false;
        _norm = norm;
        return true;
    }

    /// <summary>
    /// Leaves the gradient of its weights in slices from now on, whose sum is the caller's business, after all of the backward pass; null
    /// where others have a part in that gradient, or there is no working memory that holds slices.
    /// </summary>
    public SlicedGradient? LeavesSlices(RunOrder order, ISignLayers kernels)
    {
        if (_wMode != GradMode.Write || _weightScratch == null || !order.IsAloneBackward(this, _w.Gradient!))
            return null;
        _sumsSlices = kernels;
        return new SlicedGradient(_weightScratch, _w.Gradient!);
    }

    public override void ReadParameters(IKernels kernels) => _evaluation?.PackConv(_w.Value, _geometry, _packed!);

    public override void Forward(IKernels kernels)
    {
        if (_evaluation is { } evaluation)
            evaluation.EvaluateConv(_x.Value, _packed!, _geometry, _y.Value, _forwardScratch!);
        else if (_statistics is { } statistics)
            _links!.ConvForward(_x.Value, _w.Value, _geometry, _y.Value, statistics, _forwardScratch);
        else
            kernels.ConvForward(_x.Value, _w.Value, _geometry, _y.Value, _forwardScratch);
    }

    public override void Backward(IKernels kernels)
    {
        if (_wMode != GradMode.None)
            FindWeightGradient(kernels);
        if (_xMode != GradMode.None)
            kernels.ConvInputGrad(_y.Gradient!, _w.Value, _geometry, _x.Gradient!, _xMode, _inputScratch);
    }

    private void FindWeightGradient(IKernels kernels)
    {
        switch (_norm, _sumsSlices)
        {
            case (null, null):
                kernels.ConvWeightGrad(_y.Gradient!, _x.Value, _geometry, _w.Gradient!, _wMode, _weightScratch);
                break;
            case (null, { } others):
                others.ConvWeightGrad(_y.Gradient!, _x.Value, _geometry, _weightScratch!);
                break;
            case ({ } norm, null):
                _links!.ConvWeightGrad(norm, _x.Value, _geometry, _w.Gradient!, _wMode, _weightScratch);
                break;
            case ({ } norm, { } others):
                others.ConvWeightGrad(norm, _x.Value, _geometry, _weightScratch!);
                break;
        }
    }

    internal override void Connect(Sealing seal)
    {
        _xMode = seal.Contribute(_x);
        _wMode = seal.Contribute(_w);
    }
}
