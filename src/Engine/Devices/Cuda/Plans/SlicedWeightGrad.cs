using System.Diagnostics.CodeAnalysis;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// What a weight gradient reads and writes; X real, or its packed signs; Dw null where the slices are to stay in Scratch.
/// </summary>
internal readonly record struct WeightGradOperands(Tensor Dy, Tensor X, Tensor? Dw, GradMode Mode, Tensor? Scratch)
{
    /// <summary>Where the gradient is to be found from a batch norm's; Dy is then that of the norm's result.</summary>
    public NormGradient Norm { get; init; }
}

/// <summary>Arguments of <c>slice_sum</c>.</summary>
internal readonly record struct SliceSum(Ptr<float> Partial, Ptr<float> Dw, uint Slices, uint Count, uint Mode) : IKernelArgs;

/// <summary>
/// A weight gradient in two passes: a kernel made of <c>weight_grad.cuh</c> adds up slices of the output's pixels into the working memory,
/// <c>slice_sum</c> adds up the slices.
/// </summary>
/// <param name="kernels">What launches them.</param>
/// <param name="g">The convolution.</param>
/// <param name="arguments">The first kernel's arguments for the operands and the pixels of a slice; it holds nothing of its own.</param>
internal sealed class SlicedWeightGrad<[DynamicallyAccessedMembers(KernelLayout.Needed)] TArgs>(
    CudaKernels kernels, in ConvGeometry g, Func<WeightGradOperands, ConvGeometryArgument, uint, TArgs> arguments)
    : Plan<WeightGradOperands>
    where TArgs : unmanaged, IKernelArgs
{
    // A slice is long enough to be worth its partial sums, and there are enough of them to fill the largest GPU: of a first layer, which
    // has few weights and so few blocks a slice, more.
    private const int SmallestSlicePixels = 256, MaximalSlices = 256, FewWeights = 2048, MaximalSlicesOfFew = 1024;

    private readonly ConvGeometryArgument _g = new(g);
    private readonly FixedSlices _slices = Cut(g);
    private readonly uint _weights = checked((uint)g.Weight.Count);
    private readonly Grid _grid = new(
        CudaKernels.Blocks(g.K * g.K * g.I, kernels.Constant<TArgs>("weight_tile_rows")),
        CudaKernels.Blocks(g.O, kernels.Constant<TArgs>("weight_tile_columns")),
        Cut(g).Count);

    public override long ScratchBytes => (long)_slices.Count * _weights * sizeof(float);

    public override void Launch(in WeightGradOperands operands)
    {
        kernels.Launch(arguments(operands, _g, _slices.Rows), _grid);
        kernels.SumSlices(operands, _slices.Count, _weights);
    }

    private static FixedSlices Cut(in ConvGeometry g) => FixedSlices.Of(g.Output.Rows, SmallestSlicePixels,
        g.Weight.Count <= FewWeights ? MaximalSlicesOfFew : MaximalSlices);
}

internal sealed partial class CudaKernels
{
    /// <summary>The second pass of a weight gradient, unless its slices are to stay.</summary>
    internal void SumSlices(in WeightGradOperands operands, uint slices, uint weights)
    {
        if (operands.Dw != null)
            SumSlices(Reals(operands.Scratch!), operands.Dw, operands.Mode, slices, weights);
    }

    /// <summary>Adds up slices [slices, weights] into a tensor of as many weights.</summary>
    internal void SumSlices(Ptr<float> partial, Tensor dw, GradMode mode, uint slices, uint weights) =>
        Launch(new SliceSum(partial, Reals(dw), slices, weights, (uint)mode),
            new Grid(Blocks(weights, Constant<SliceSum>("slice_sum_weights"))));
}
