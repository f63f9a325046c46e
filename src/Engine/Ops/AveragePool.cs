using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>Mean over each image's rows and columns: x [N,H,W,C], y [N,C].</summary>
internal sealed class AveragePool : UnaryOp
{
    private AveragePool(Tape tape, string name, Variable x)
        : base(tape, name, x, new Shape(x.Shape[0], x.Shape[3]))
    {
    }

    internal override IEnumerable<Tensor?> BackwardTouches => [Y.Gradient, X.Gradient];

    public static Variable Record(Tape tape, string name, Variable x) => x.Shape.Rank == 4
        ? new AveragePool(tape, name, x).RecordOn(tape)
        : throw new ArgumentException($"{name}: expected [N,H,W,C], got {x.Shape}");

    public override void Forward(IKernels kernels) => kernels.AveragePool(X.Value, Y.Value);

    protected override void Backward(IKernels kernels, Tensor dy, Tensor dx, GradMode mode) => kernels.AveragePoolBackward(dy, dx, mode);
}
