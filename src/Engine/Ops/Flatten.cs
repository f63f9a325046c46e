using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// x [N,H,W,C] seen as [N,H*W*C]: the same memory forward and backward. PyTorch flattens [N,C,H,W], so what multiplies the result
/// has its columns in another order in files: see <see cref="PublishedLayout.Flattened"/>.
/// </summary>
internal sealed class Flatten : Op
{
    private readonly Variable _x, _y;
    private GradMode _mode;

    private Flatten(Tape tape, Variable x, Shape flat)
    {
        _x = x;
        _y = new Variable(x.Value.View(flat), tape.Training && x.NeedsGradient);
    }

    internal override Variable? Output => _y;
    internal override IEnumerable<Tensor?> ForwardTouches => [_x.Value];
    internal override IEnumerable<Tensor?> BackwardTouches => [_y.Gradient, _x.Gradient];

    public static Variable Record(Tape tape, string name, Variable x)
    {
        if (x.Shape.Rank != 4)
            throw new ArgumentException($"{name}: expected [N,H,W,C], got {x.Shape}");
        var op = new Flatten(tape, x, new Shape(x.Shape[0], checked((int)(x.Shape.Count / x.Shape[0]))));
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
