using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>y = max(x, 0); at exactly zero the gradient is zero.</summary>
internal sealed class Relu : UnaryOp
{
    private Relu(Tape tape, string name, Variable x)
        : base(tape, name, x, x.Shape)
    {
    }

    internal override IEnumerable<Tensor?> BackwardTouches => [Y.Value, Y.Gradient, X.Gradient];

    public static Variable Record(Tape tape, string name, Variable x) => new Relu(tape, name, x).RecordOn(tape);

    public override void Forward(IKernels kernels) => kernels.Relu(X.Value, Y.Value);

    protected override void Backward(IKernels kernels, Tensor dy, Tensor dx, GradMode mode) => kernels.ReluBackward(dy, Y.Value, dx, mode);
}
