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
    private ShortcutPad(Tape tape, string name, Variable x, int channels)
        : base(tape, name, x, new Shape(x.Shape[0], (x.Shape[1] + 1) / 2, (x.Shape[2] + 1) / 2, channels))
    {
    }

    internal override IEnumerable<Tensor?> BackwardTouches => [Y.Gradient, X.Gradient];

    public static Variable Record(Tape tape, string name, Variable x, int channels) =>
        x.Shape.Rank == 4 && channels >= x.Shape[3] && (channels - x.Shape[3]) % 2 == 0
            ? new ShortcutPad(tape, name, x, channels).RecordOn(tape)
            : throw new ArgumentException($"{name}: cannot widen {x.Shape} to {channels} channels evenly on both sides");

    public override void Forward(IKernels kernels) => kernels.ShortcutPad(X.Value, Y.Value);

    protected override void Backward(IKernels kernels, Tensor dy, Tensor dx, GradMode mode) => kernels.ShortcutPadBackward(dy, dx, mode);
}
