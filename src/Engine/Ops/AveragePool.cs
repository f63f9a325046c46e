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

    /// <summary>
    /// Mean of each window of size x size pixels: x [N,H,W,C] to [N,H/size,W/size,C]. Down each strip of rows first, then along it: either
    /// is a mean over the rows of "images" [size,1,..] that lie one after the other.
    /// </summary>
    public static Variable Record(Tape tape, string name, Variable x, int size)
    {
        Shape s = x.Shape;
        int strips = s[0] * (s[1] / size), windows = strips * (s[2] / size);
        Variable down = Record(tape, name + ".rows", Reshape.Record(tape, x, new Shape(strips, size, 1, s[2] * s[3])));
        Variable along = Record(tape, name, Reshape.Record(tape, down, new Shape(windows, size, 1, s[3])));
        return Reshape.Record(tape, along, new Shape(s[0], s[1] / size, s[2] / size, s[3]));
    }

    public override void Forward(IKernels kernels) => kernels.AveragePool(X.Value, Y.Value);

    protected override void Backward(IKernels kernels, Tensor dy, Tensor dx, GradMode mode) => kernels.AveragePoolBackward(dy, dx, mode);
}
