using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>Mean over each image's rows and columns: x [N,H,W,C], y [N,C].</summary>
internal sealed class AveragePool : UnaryOp, INormSource
{
    private readonly IStepEndLinks? _links;
    private NormStatistics? _statistics;
    private NormGradient? _norm;
    private BinaryUnitArguments? _unit;

    private AveragePool(Tape tape, string name, Variable x)
        : base(tape, name, x, new Shape(x.Shape[0], x.Shape[3])) =>
        _links = tape.Device.Kernels is IStepEndLinks { LinksStepEnd: true } links ? links : null;

    internal override IEnumerable<Tensor?> ForwardTouches =>
        [.. base.ForwardTouches, _statistics?.Mean, _statistics?.InvStd, _statistics?.Scratch];

    internal override IEnumerable<Tensor?> BackwardTouches => [.. Incoming, X.Gradient, .. OfUnit];

    private IEnumerable<Tensor?> Incoming =>
        _norm is { } n ? [n.Dy, n.X, n.Gamma, n.Mean, n.InvStd, n.DGamma, n.DBeta] : [Y.Gradient];

    private IEnumerable<Tensor?> OfUnit =>
        _unit is { } u ? [u.Conv, u.Scale, u.Mean, u.InvStd, u.BackwardScratch, u.DGamma, u.DBeta] : [];

    public static Variable Record(Tape tape, string name, Variable x) => x.Shape.Rank == 4
        ? new AveragePool(tape, name, x).RecordOn(tape)
        : throw new ArgumentException($"{name}: expected [N,H,W,C], got {x.Shape}");

    /// <summary>
    /// Mean of each window of size x size pixels: x [N,H,W,C] to [N,H/size,W/size,C]. Down each strip of rows first, then along it: either
    /// is a mean over the rows of "images" [size,1,..] that lie one after the other.
    /// </summary>
    public static Variable Record(Tape tape, string name, Variable x, int size)
    {
        Shape s = x.Shape;
        int strips = s[0] * (s[1] / size), windows = strips * (s[2] / size);
        Variable down = Record(tape, name + ".rows", Reshape.Record(tape, x, new Shape(strips, size, 1, s[2] * s[3])));
        Variable along = Record(tape, name, Reshape.Record(tape, down, new Shape(windows, size, 1, s[3])));
        return Reshape.Record(tape, along, new Shape(s[0], s[1] / size, s[2] / size, s[3]));
    }

    /// <inheritdoc/>
    public bool GivesStatistics(in NormStatistics statistics)
    {
        if (_links?.GivesPoolStatistics(Y.Shape) != true)
            return false;
        _statistics = statistics;
        return true;
    }

    /// <inheritdoc/>
    /// <remarks>Where it finds a unit's sums too.</remarks>
    public bool TakesGradient(in NormGradient norm)
    {
        if (_unit == null)
            return false;
        _norm = norm;
        return true;
    }

    public override void Forward(IKernels kernels)
    {
        if (_statistics is { } statistics)
            _links!.AveragePool(X.Value, Y.Value, statistics);
        else
            kernels.AveragePool(X.Value, Y.Value);
    }

    protected override void Backward(IKernels kernels, Tensor dy, Tensor dx, GradMode mode)
    {
        if (_unit == null)
            kernels.AveragePoolBackward(dy, dx, mode);
        else if (_norm is { } norm)
            _links!.AveragePoolBackward(norm, _unit);
        else
            _links!.AveragePoolBackward(dy, _unit);
    }

    internal override void Link(RunOrder order)
    {
        if (_links != null && Mode == GradMode.Write && order.MakerOf(X) is BinaryUnit unit)
            _unit = unit.LeavesSums(order, this);
    }
}
