using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>softmax_cross_entropy</c>.</summary>
internal readonly record struct SoftmaxCrossEntropy(Ptr<float> Logits, Ptr<int> Labels, Ptr<float> Dlogits, Ptr<double> Loss,
    Ptr<double> Metrics, Ptr<long> Counters, uint N, uint Classes, uint Images) : IKernelArgs;

internal sealed partial class CudaKernels
{
    public void SoftmaxCrossEntropy(Tensor logits, Tensor labels, Tensor? dlogits, Tensor loss, Tensor metrics) =>
        Launch(LossOf(logits, labels, dlogits, loss, metrics), OneBlock);

    private static SoftmaxCrossEntropy LossOf(Tensor logits, Tensor labels, Tensor? dlogits, Tensor loss, Tensor metrics) =>
        new(Reals(logits), new(labels.Address), RealsOrNull(dlogits), Doubles(loss), Doubles(metrics), default, Rows(logits),
            Channels(logits), 0);
}
