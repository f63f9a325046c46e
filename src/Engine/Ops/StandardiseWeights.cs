using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>Each filter less its mean and over its deviation: w, y [O, ..]; the gradient flows through both.</summary>
internal sealed class StandardiseWeights : UnaryOp
{
    private readonly Tensor _statistics;
    private readonly double _epsilon;

    private StandardiseWeights(Tape tape, string name, Variable w, double epsilon)
        : base(tape, name, w, w.Shape)
    {
        _epsilon = epsilon;
        _statistics = tape.NewTensor(name + ".statistics", new Shape(2, w.Shape[0]));
    }

    internal override IEnumerable<Tensor?> ForwardTouches => [X.Value, _statistics, Y.Value];
    internal override IEnumerable<Tensor?> BackwardTouches => [X.Value, _statistics, Y.Gradient, X.Gradient];

    /// <summary>Records it.</summary>
    /// <param name="tape">Where.</param>
    /// <param name="name">Of the result.</param>
    /// <param name="w">[O, ..], filters of at least two values.</param>
    /// <param name="epsilon">What is added to the variance under the root.</param>
    public static Variable Record(Tape tape, string name, Variable w, double epsilon) => w.Shape.Count / w.Shape[0] > 1
        ? new StandardiseWeights(tape, name, w, epsilon).RecordOn(tape)
        : throw new ArgumentException($"{name}: a filter of one value has no deviation, got {w.Shape}");

    public override void Forward(IKernels kernels) => kernels.StandardiseWeights(X.Value, _epsilon, _statistics, Y.Value);

    protected override void Backward(IKernels kernels, Tensor dy, Tensor dx, GradMode mode) =>
        kernels.StandardiseWeightsBackward(dy, X.Value, _statistics, dx, mode);
}
