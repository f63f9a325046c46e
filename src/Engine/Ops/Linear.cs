using ReSTE.Native.Devices;
using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>y = x wᵀ + b: x [N,I], w [O,I], b [O], y [N,O].</summary>
internal sealed class Linear : Op
{
    private readonly Variable _x, _w, _b, _y;
    private readonly IStepEndLinks? _links;
    private NormSums? _norm;
    private bool _leavesForward;
    private GradMode _mode;

    private Linear(Tape tape, string name, Variable x, Variable w, Variable b)
    {
        _x = x;
        _w = w;
        _b = b;
        _y = tape.NewVariable(name, new Shape(x.Shape[0], w.Shape[0]));
        if (tape.Device.Kernels is IStepEndLinks links && links.TakesLinearGradients(x.Shape, w.Shape))
            _links = links;
    }

    internal override Variable? Output => _y;
    internal override ConvGeometry? Geometry => new(_x.Shape[0], 1, 1, _x.Shape[1], _w.Shape[0], 1, 1, 0);
    internal override LaunchWork ForwardProducts => new(0, Real: Geometry!.Value.Products);
    internal override LaunchWork BackwardProducts => new(0, Real: Geometry!.Value.Products * (_mode != GradMode.None ? 2 : 1));

    internal override IEnumerable<Tensor?> ForwardTouches => [_x.Value, _w.Value, _b.Value, _y.Value];

    internal override IEnumerable<Tensor?> BackwardTouches =>
        [_x.Value, _w.Value, _w.Gradient, _b.Gradient, _y.Gradient, _x.Gradient, .. OfNorm];

    private IEnumerable<Tensor?> OfNorm =>
        _norm is { } n ? [n.X, n.Mean, n.InvStd, n.DGamma, n.DBeta, n.Scratch] : [];

    public static Variable Record(Tape tape, string name, Variable x, Parameter w, Parameter b)
    {
        if (x.Shape.Rank != 2 || w.Value.Shape.Rank != 2 || x.Shape[1] != w.Value.Shape[1] || b.Value.Shape.Count != w.Value.Shape[0])
            throw new ArgumentException($"{name}: expected x [N,I], w [O,I], b [O], got {x.Shape}, {w.Value.Shape}, {b.Value.Shape}");
        var op = new Linear(tape, name, x, w.Variable, b.Variable);
        tape.Record(op);
        return op._y;
    }

    /// <summary>
    /// Leaves its forward pass to the loss from now on, that of a batch norm before it too where that can be left; null where other ops
    /// come between, or the device does not do that.
    /// </summary>
    public LinearOperands? LeavesForward(RunOrder order, Op loss, IStepEndLinks links)
    {
        if (order.NextForward(this) != loss || !links.TakesLinearLoss(_x.Shape, _w.Shape))
            return null;
        _leavesForward = true;
        AppliedNorm? applied = order.MakerOf(_x) is BatchNorm norm ? norm.LeavesResult(order, this) : null;
        return new LinearOperands(_x.Value, _w.Value, _b.Value, _y.Value, applied);
    }

    public override void Forward(IKernels kernels)
    {
        if (!_leavesForward)
            kernels.LinearForward(_x.Value, _w.Value, _b.Value, _y.Value);
    }

    public override void Backward(IKernels kernels)
    {
        if (_links != null && _mode != GradMode.None)
        {
            _links.LinearGradients(_y.Gradient!, _x.Value, _w.Value, _w.Gradient!, _b.Gradient!, _x.Gradient!, _mode, _norm);
            return;
        }
        kernels.LinearWeightGrad(_y.Gradient!, _x.Value, _w.Gradient!, _b.Gradient!);
        if (_mode != GradMode.None)
            kernels.LinearInputGrad(_y.Gradient!, _w.Value, _x.Gradient!, _mode);
    }

    internal override void Link(RunOrder order)
    {
        if (_links != null && _mode == GradMode.Write && order.MakerOf(_x) is BatchNorm norm)
            _norm = norm.LeavesSums(order, this);
    }

    internal override void Connect(Sealing seal)
    {
        _mode = seal.Contribute(_x);
        seal.WriteOnly(_w);
        seal.WriteOnly(_b);
    }
}
