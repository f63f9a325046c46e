using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>ada_ste_step</c>.</summary>
internal readonly record struct AdaSteStep(Ptr<float> Dw, Ptr<float> Steps, Ptr<float> Factor, Ptr<float> Knobs, Ptr<float> Theta,
    Ptr<float> Momentum, uint Count) : IKernelArgs;

internal sealed partial class CudaKernels
{
    public void AdaSteStep(Tensor theta, Tensor dw, Tensor momentum, Tensor steps, Tensor factor, Tensor knobs) => Launch(
        new AdaSteStep(Reals(dw), Reals(steps), Reals(factor), Reals(knobs), Reals(theta), Reals(momentum), Count(theta)),
        Blocks<AdaSteStep>(Count(theta)));
}
