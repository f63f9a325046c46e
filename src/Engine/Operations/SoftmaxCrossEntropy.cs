using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>
    /// Mean cross-entropy of softmax(logits) and its gradient dlogits = (softmax - onehot) / N (null to skip). metrics += (sum of
    /// losses, top-1 hits, top-5 hits), a hit when fewer than k logits rank above the label's: greater, or equal at a lower index; a
    /// row with a NaN is a miss. loss[0] = mean. logits real [N,classes], labels int32 [N], loss float64 [1], metrics float64 [3].
    /// </summary>
    void SoftmaxCrossEntropy(Tensor logits, Tensor labels, Tensor? dlogits, Tensor loss, Tensor metrics);
}
