using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>centre_weights</c>.</summary>
internal readonly record struct CentreWeights(Ptr<float> W, Ptr<float> Y, uint Inputs) : IKernelArgs;

internal sealed partial class CudaKernels
{
    // A block a tap of a filter.
    public void CentreWeights(Tensor w, Tensor y) =>
        Launch(new CentreWeights(Reals(w), Reals(y), (uint)w.Shape.Last), new Grid(Count(w) / (uint)w.Shape.Last));
}
