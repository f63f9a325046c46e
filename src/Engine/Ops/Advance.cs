using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>Moves a pass's cursor past the batch just done.</summary>
internal sealed class Advance(Tensor counters, int count) : Op
{
    private bool _isDone;

    internal override IEnumerable<Tensor?> ForwardTouches => [counters];

    public override void Forward(IKernels kernels)
    {
        if (!_isDone)
            kernels.Advance(counters, count);
    }

    // The loss may do it, unless someone still wants to know where the pass stands.
    internal override void Link(RunOrder order) =>
        _isDone = order.Of<SoftmaxCrossEntropy>() is { } loss && order.IsLeftTo(this, counters, after: loss)
            && loss.TakesAdvance(counters, count);
}
