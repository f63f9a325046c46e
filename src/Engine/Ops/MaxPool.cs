using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>The largest value of each window: x [N,H,W,C], y [N,OH,OW,C]. Of equal ones the first takes the gradient.</summary>
internal sealed class MaxPool : UnaryOp
{
    private readonly Tensor _taps;
    private readonly PoolWindow _window;

    private MaxPool(Tape tape, string name, Variable x, in PoolWindow window, Shape y)
        : base(tape, name, x, y)
    {
        _window = window;
        _taps = tape.NewTensor(name + ".taps", y, ElementType.UInt8);
    }

    internal override IEnumerable<Tensor?> ForwardTouches => [X.Value, _taps, Y.Value];
    internal override IEnumerable<Tensor?> BackwardTouches => [_taps, Y.Gradient, X.Gradient];

    public static Variable Record(Tape tape, string name, Variable x, in PoolWindow window) =>
        new MaxPool(tape, name, x, window, window.Output(name, x.Shape)).RecordOn(tape);

    public override void Forward(IKernels kernels) => kernels.MaxPool(X.Value, _window, _taps, Y.Value);

    protected override void Backward(IKernels kernels, Tensor dy, Tensor dx, GradMode mode) =>
        kernels.MaxPoolBackward(dy, _taps, _window, dx, mode);
}
