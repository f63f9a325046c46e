using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>silent_weights</c>.</summary>
internal readonly record struct SilentWeights(Ptr<float> W, Ptr<float> Dw, Ptr<float> Tracker, Ptr<float> Previous, Ptr<float> Knobs,
    uint Size) : IKernelArgs;

internal sealed partial class CudaKernels
{
    // A block a filter.
    public void SilentWeights(Tensor w, Tensor dw, Tensor tracker, Tensor previous, Tensor knobs)
    {
        uint filters = (uint)w.Shape[0];
        Launch(new SilentWeights(Reals(w), Reals(dw), Reals(tracker), Reals(previous), Reals(knobs), Count(w) / filters),
            new Grid(filters));
    }
}
