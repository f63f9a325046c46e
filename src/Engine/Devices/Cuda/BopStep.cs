using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>bop_step</c>.</summary>
internal readonly record struct BopStep(Ptr<float> Dw, Ptr<float> Knobs, Ptr<float> W, Ptr<float> Mean, uint Count) : IKernelArgs;

internal sealed partial class CudaKernels
{
    public void BopStep(Tensor w, Tensor dw, Tensor mean, Tensor knobs) =>
        Launch(new BopStep(Reals(dw), Reals(knobs), Reals(w), Reals(mean), Count(w)), Blocks<BopStep>(Count(w)));
}
