using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>adam_corrections</c>.</summary>
internal readonly record struct AdamCorrections(Ptr<float> Knobs, Ptr<float> Steps, Ptr<float> Corrections) : IKernelArgs;

/// <summary>Arguments of <c>adam_step</c>.</summary>
internal readonly record struct AdamStep(Ptr<float> Dw, Ptr<float> Corrections, Ptr<float> Knobs, Ptr<float> W, Ptr<float> Mean,
    Ptr<float> Square, uint Count) : IKernelArgs;

internal sealed partial class CudaKernels
{
    public void AdamCorrections(Tensor steps, Tensor knobs, Tensor corrections) =>
        Launch(new AdamCorrections(Reals(knobs), Reals(steps), Reals(corrections)), OneBlock);

    public void AdamStep(Tensor w, Tensor dw, Tensor mean, Tensor square, Tensor corrections, Tensor knobs) => Launch(
        new AdamStep(Reals(dw), Reals(corrections), Reals(knobs), Reals(w), Reals(mean), Reals(square), Count(w)),
        Blocks<AdamStep>(Count(w)));
}
