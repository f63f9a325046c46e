using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>Option A shortcut of the CIFAR ResNets: every second row and column, zero channels added on both sides. x [N,H,W,C], y [N,ceil(H/2),ceil(W/2),C'].</summary>
internal sealed class ShortcutPad : Op
{
    private readonly Variable _x, _y;
    private GradMode _mode;

    private ShortcutPad(Tape tape, string name, Variable x, int channels)
    {
        _x = x;
        _y = tape.NewVariable(name, new Shape(x.Shape[0], (x.Shape[1] + 1) / 2, (x.Shape[2] + 1) / 2, channels));
    }

    internal override Variable? Output => _y;

    internal override IEnumerable<Tensor?> ForwardTouches => [_x.Value, _y.Value];

    internal override IEnumerable<Tensor?> BackwardTouches => [_y.Gradient, _x.Gradient];

    public static Variable Record(Tape tape, string name, Variable x, int channels)
    {
        if (x.Shape.Rank != 4 || channels < x.Shape[3] || (channels - x.Shape[3]) % 2 != 0)
            throw new ArgumentException($"{name}: cannot widen {x.Shape} to {channels} channels evenly on both sides");
        var op = new ShortcutPad(tape, name, x, channels);
        tape.Record(op);
        return op._y;
    }

    public override void Forward(IKernels kernels) => kernels.ShortcutPad(_x.Value, _y.Value);

    public override void Backward(IKernels kernels)
    {
        if (_mode != GradMode.None)
            kernels.ShortcutPadBackward(_y.Gradient!, _x.Gradient!, _mode);
    }

    internal override void Connect(Sealing seal) => _mode = seal.Contribute(_x);
}
