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
    private readonly IStepEndLinks? _links;
    private (Tensor Counters, int Count)? _advance;
    private LinearOperands? _linear;

    private SoftmaxCrossEntropy(Tape tape, Variable logits, Tensor labels, Tensor loss, Tensor metrics)
    {
        _logits = logits;
        _labels = labels;
        _loss = loss;
        _metrics = metrics;
        _links = tape.Device.Kernels is IStepEndLinks { LinksStepEnd: true } links ? links : null;
    }

    internal override IEnumerable<Tensor?> ForwardTouches =>
        [_logits.Value, _labels, _logits.Gradient, _loss, _metrics, _advance?.Counters, .. OfLinear, .. OfNorm];

    private IEnumerable<Tensor?> OfLinear => _linear is { } l ? [l.X, l.W, l.B] : [];

    private IEnumerable<Tensor?> OfNorm => _linear?.Norm is { } n ? [n.X, n.Gamma, n.Beta, n.Mean, n.Deviation] : [];

    public static void Record(Tape tape, Variable logits, Tensor labels, Tensor loss, Tensor metrics)
    {
        if (logits.Shape.Rank != 2 || labels.Shape.Count != logits.Shape[0])
            throw new ArgumentException($"loss: expected logits [N,classes] and labels [N], got {logits.Shape} and {labels.Shape}");
        tape.Record(new SoftmaxCrossEntropy(tape, logits, labels, loss, metrics));
    }

    /// <summary>Moves the pass's cursor too from now on, where the device does that.</summary>
    public bool TakesAdvance(Tensor counters, int count)
    {
        if (_links == null)
            return false;
        _advance = (counters, count);
        return true;
    }

    public override void Forward(IKernels kernels)
    {
        var operands = new LossOperands(_labels, _logits.Gradient, _loss, _metrics, _advance?.Counters, _advance?.Count ?? 0);
        if (_linear is { } linear)
            _links!.LinearLoss(linear, operands);
        else if (_advance != null)
            _links!.Loss(_logits.Value, operands);
        else
            kernels.SoftmaxCrossEntropy(_logits.Value, _labels, _logits.Gradient, _loss, _metrics);
    }

    internal override void Link(RunOrder order)
    {
        if (_links != null && order.MakerOf(_logits) is Linear linear)
            _linear = linear.LeavesForward(order, this, _links);
    }

    internal override void Connect(Sealing seal)
    {
        if (seal.Contribute(_logits) != GradMode.Write)
            throw new InvalidOperationException("the loss must be the last op that uses the logits");
    }
}
