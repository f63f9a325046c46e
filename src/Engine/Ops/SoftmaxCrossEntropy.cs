using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// Mean cross-entropy of softmax(logits) against labels, with the hits counted on the way. logits [N,classes], labels int32 [N]. It ends a
/// tape: the gradient of the logits is computed together with the loss.
/// </summary>
internal sealed class SoftmaxCrossEntropy : Op
{
    private readonly Variable _logits;
    private readonly Tensor _labels, _loss, _metrics;

    private SoftmaxCrossEntropy(Variable logits, Tensor labels, Tensor loss, Tensor metrics)
    {
        _logits = logits;
        _labels = labels;
        _loss = loss;
        _metrics = metrics;
    }

    internal override IEnumerable<Tensor?> ForwardTouches => [_logits.Value, _labels, _logits.Gradient, _loss, _metrics];

    public static void Record(Tape tape, Variable logits, Tensor labels, Tensor loss, Tensor metrics)
    {
        if (logits.Shape.Rank != 2 || labels.Shape.Count != logits.Shape[0])
            throw new ArgumentException($"loss: expected logits [N,classes] and labels [N], got {logits.Shape} and {labels.Shape}");
        tape.Record(new SoftmaxCrossEntropy(logits, labels, loss, metrics));
    }

    public override void Forward(IKernels kernels) =>
        kernels.SoftmaxCrossEntropy(_logits.Value, _labels, _logits.Gradient, _loss, _metrics);

    internal override void Connect(Sealing seal)
    {
        if (seal.Contribute(_logits) != GradMode.Write)
            throw new InvalidOperationException("the loss must be the last op that uses the logits");
    }
}
