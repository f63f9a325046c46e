using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// Option A shortcut of the CIFAR ResNets: every second row and column, zero channels added on both sides.
/// x [N,H,W,C], y [N,ceil(H/2),ceil(W/2),C'].
/// </summary>
internal sealed class ShortcutPad : UnaryOp
{
    // Channels that a device takes at once.
    private const int Quad = 4;

    private bool _isTakenForward, _isTakenBackward;

    private ShortcutPad(Tape tape, string name, Variable x, int channels)
        : base(tape, name, x, new Shape(x.Shape[0], (x.Shape[1] + 1) / 2, (x.Shape[2] + 1) / 2, channels))
    {
    }

    internal override IEnumerable<Tensor?> ForwardTouches => _isTakenForward ? [] : base.ForwardTouches;

    internal override IEnumerable<Tensor?> BackwardTouches => _isTakenBackward ? [] : [Y.Gradient, X.Gradient];

    // Channels, and those added on either side, in whole quads.
    private bool IsOfQuads => X.Shape.Last % Quad == 0 && (Y.Shape.Last - X.Shape.Last) % (2 * Quad) == 0;

    public static Variable Record(Tape tape, string name, Variable x, int channels) =>
        x.Shape.Rank == 4 && channels >= x.Shape[3] && (channels - x.Shape[3]) % 2 == 0
            ? new ShortcutPad(tape, name, x, channels).RecordOn(tape)
            : throw new ArgumentException($"{name}: cannot widen {x.Shape} to {channels} channels evenly on both sides");

    /// <summary>
    /// Leaves the gradient to the op that finds that of the same x before, nobody else in between; returns the gradient of the result, or
    /// null where it cannot.
    /// </summary>
    public Tensor? TakeBackward(RunOrder order, Op before, Variable x)
    {
        _isTakenBackward = IsOfQuads && X == x && order.NextBackward(before, x.Gradient!) == this
            && order.NextBackward(before, Y.Gradient!) == this;
        return _isTakenBackward ? Y.Gradient : null;
    }

    // Leaves the padding to the only reader of the result, where it can do with x.
    internal override void Link(RunOrder order) =>
        _isTakenForward = IsOfQuads && order.OnlyReaderOf(Y.Value, this) is BinaryUnit unit && unit.PadsShortcut(Y, X.Value);

    public override void Forward(IKernels kernels)
    {
        if (!_isTakenForward)
            kernels.ShortcutPad(X.Value, Y.Value);
    }

    protected override void Backward(IKernels kernels, Tensor dy, Tensor dx, GradMode mode)
    {
        if (!_isTakenBackward)
            kernels.ShortcutPadBackward(dy, dx, mode);
    }
}
