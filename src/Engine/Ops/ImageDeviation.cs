using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>Each image over its own deviation: x, y [N, ..]. Attached, the gradient flows through the deviation too.</summary>
internal sealed class ImageDeviation : UnaryOp
{
    private readonly Tensor _statistics;
    private readonly bool _attached;

    private ImageDeviation(Tape tape, string name, Variable x, bool attached)
        : base(tape, name, x, x.Shape)
    {
        _attached = attached;
        _statistics = tape.NewTensor(name + ".statistics", new Shape(2, x.Shape[0]));
    }

    internal override IEnumerable<Tensor?> ForwardTouches => [X.Value, _statistics, Y.Value];
    internal override IEnumerable<Tensor?> BackwardTouches => [X.Value, _statistics, Y.Gradient, X.Gradient];

    public static Variable Record(Tape tape, string name, Variable x, bool attached) => x.Shape.Count / x.Shape[0] > 1
        ? new ImageDeviation(tape, name, x, attached).RecordOn(tape)
        : throw new ArgumentException($"{name}: an image of one value has no deviation, got {x.Shape}");

    public override void Forward(IKernels kernels) => kernels.ImageDeviation(X.Value, _statistics, Y.Value);

    protected override void Backward(IKernels kernels, Tensor dy, Tensor dx, GradMode mode) =>
        kernels.ImageDeviationBackward(dy, X.Value, _statistics, _attached, dx, mode);
}
