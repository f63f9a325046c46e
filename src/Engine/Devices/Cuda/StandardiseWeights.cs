using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>standardise_weights</c>.</summary>
internal readonly record struct StandardiseWeights(Ptr<float> W, Ptr<float> Statistics, Ptr<float> Y, double Epsilon, uint Filters,
    uint Size) : IKernelArgs;

/// <summary>Arguments of <c>standardise_weights_backward</c>.</summary>
internal readonly record struct StandardiseWeightsBackward(Ptr<float> Dy, Ptr<float> W, Ptr<float> Statistics, Ptr<float> Dw,
    uint Filters, uint Size, uint Mode) : IKernelArgs;

internal sealed partial class CudaKernels
{
    // A block a filter.
    public void StandardiseWeights(Tensor w, double epsilon, Tensor statistics, Tensor y)
    {
        uint filters = (uint)w.Shape[0];
        Launch(new StandardiseWeights(Reals(w), Reals(statistics), Reals(y), epsilon, filters, Count(w) / filters), new Grid(filters));
    }

    public void StandardiseWeightsBackward(Tensor dy, Tensor w, Tensor statistics, Tensor dw, GradMode mode)
    {
        uint filters = (uint)w.Shape[0];
        Launch(new StandardiseWeightsBackward(Reals(dy), Reals(w), Reals(statistics), Reals(dw), filters, Count(w) / filters, (uint)mode),
            new Grid(filters));
    }
}
