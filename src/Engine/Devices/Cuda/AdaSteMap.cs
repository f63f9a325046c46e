using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>ada_ste_map</c>.</summary>
internal readonly record struct AdaSteMap(Ptr<float> Theta, Ptr<float> Knobs, Ptr<float> W, uint Count) : IKernelArgs;

internal sealed partial class CudaKernels
{
    public void AdaSteMap(Tensor theta, Tensor w, Tensor knobs) =>
        Launch(new AdaSteMap(Reals(theta), Reals(knobs), Reals(w), Count(theta)), Blocks<AdaSteMap>(Count(theta)));
}
