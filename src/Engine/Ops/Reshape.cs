using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>x under another shape of as many elements: the same memory forward and, where x has no other reader, backward.</summary>
internal sealed class Reshape : Op
{
    private readonly Variable _x, _y;
    private GradMode _mode;

    private Reshape(Tape tape, Variable x, Shape shape)
    {
        _x = x;
        _y = new Variable(x.Value.View(shape), tape.Training && x.NeedsGradient);
    }

    internal override Variable? Output => _y;
    internal override IEnumerable<Tensor?> ForwardTouches => [_x.Value];
    internal override IEnumerable<Tensor?> BackwardTouches => [_y.Gradient, _x.Gradient];
    internal override IEnumerable<Tensor?> ForwardMoves => [];
    internal override IEnumerable<Tensor?> BackwardMoves => _mode == GradMode.None ? [] : BackwardTouches;

    public static Variable Record(Tape tape, Variable x, Shape shape)
    {
        var op = new Reshape(tape, x, shape);
        tape.Record(op);
        return op._y;
    }

    public override void Forward(IKernels kernels)
    {
    }

    public override void Backward(IKernels kernels)
    {
        if (_mode != GradMode.None)
            kernels.Accumulate(_y.Gradient!, _x.Gradient!, _mode);
    }

    internal override void Connect(Sealing seal) => _mode = seal.Share(_x, _y);
}
