using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>softmax_cross_entropy</c>.</summary>
internal readonly record struct SoftmaxCrossEntropy(Ptr<float> Logits, Ptr<int> Labels, Ptr<float> Dlogits, Ptr<double> Loss,
    Ptr<double> Metrics, uint N, uint Classes) : IKernelArgs;

internal sealed partial class CudaKernels
{
    public void SoftmaxCrossEntropy(Tensor logits, Tensor labels, Tensor? dlogits, Tensor loss, Tensor metrics) =>
        Launch(new SoftmaxCrossEntropy(Reals(logits), new Ptr<int>(labels.Address), RealsOrNull(dlogits), Doubles(loss), Doubles(metrics),
            Rows(logits), Channels(logits)), OneBlock);
}
