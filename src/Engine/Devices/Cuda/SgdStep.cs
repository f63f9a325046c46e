using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>sgd_step</c>.</summary>
internal readonly record struct SgdStep(Ptr<float> Dw, Ptr<float> Knobs, Ptr<float> W, Ptr<float> Momentum, uint Count) : IKernelArgs;

internal sealed partial class CudaKernels
{
    public void SgdStep(Tensor w, Tensor dw, Tensor momentum, Tensor knobs) =>
        Launch(new SgdStep(Reals(dw), Reals(knobs), Reals(w), Reals(momentum), Count(w)), Blocks<SgdStep>(Count(w)));
}
