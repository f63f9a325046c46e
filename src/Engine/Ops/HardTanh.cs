using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>y = x cut to [-1, 1]; at and beyond the ends the gradient is zero.</summary>
internal sealed class HardTanh : UnaryOp
{
    private HardTanh(Tape tape, string name, Variable x)
        : base(tape, name, x, x.Shape)
    {
    }

    internal override IEnumerable<Tensor?> BackwardTouches => [X.Value, Y.Gradient, X.Gradient];

    public static Variable Record(Tape tape, string name, Variable x) => new HardTanh(tape, name, x).RecordOn(tape);

    public override void Forward(IKernels kernels) => kernels.HardTanh(X.Value, Y.Value);

    protected override void Backward(IKernels kernels, Tensor dy, Tensor dx, GradMode mode) =>
        kernels.HardTanhBackward(dy, X.Value, dx, mode);
}
