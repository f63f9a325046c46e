using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>sine_weights</c>.</summary>
internal readonly record struct SineWeights(Ptr<float> W, Ptr<float> Knobs, Ptr<float> Y, uint Count) : IKernelArgs;

/// <summary>Arguments of <c>sine_weights_backward</c>.</summary>
internal readonly record struct SineWeightsBackward(Ptr<float> Dy, Ptr<float> W, Ptr<float> Knobs, Ptr<float> Dw, uint Count, uint Mode)
    : IKernelArgs;

internal sealed partial class CudaKernels
{
    public void SineWeights(Tensor w, Tensor knobs, Tensor y) =>
        Launch(new SineWeights(Reals(w), Reals(knobs), Reals(y), Count(w)), Blocks<SineWeights>(Count(w)));

    public void SineWeightsBackward(Tensor dy, Tensor w, Tensor knobs, Tensor dw, GradMode mode) =>
        Launch(new SineWeightsBackward(Reals(dy), Reals(w), Reals(knobs), Reals(dw), Count(w), (uint)mode),
            Blocks<SineWeightsBackward>(Count(w)));
}
