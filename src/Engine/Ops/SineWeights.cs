using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// Weights as the sine of their multiple, or its sign; backward with the gradient of a loss term on them. w, y [O,K,K,I].
/// </summary>
internal sealed class SineWeights : UnaryOp
{
    private readonly Tensor _knobs;

    private SineWeights(Tape tape, string name, Variable w, Tensor knobs)
        : base(tape, name, w, w.Shape) => _knobs = knobs;

    internal override IEnumerable<Tensor?> BackwardTouches => [X.Value, Y.Gradient, X.Gradient];

    /// <summary>Records it.</summary>
    /// <param name="tape">Where.</param>
    /// <param name="name">Of the result.</param>
    /// <param name="w">[O,K,K,I].</param>
    /// <param name="knobs">real [3]: the multiple, whether the sign is taken, the loss term's factor.</param>
    public static Variable Record(Tape tape, string name, Variable w, Tensor knobs) => new SineWeights(tape, name, w, knobs).RecordOn(tape);

    public override void Forward(IKernels kernels) => kernels.SineWeights(X.Value, _knobs, Y.Value);

    protected override void Backward(IKernels kernels, Tensor dy, Tensor dx, GradMode mode) =>
        kernels.SineWeightsBackward(dy, X.Value, _knobs, dx, mode);
}
