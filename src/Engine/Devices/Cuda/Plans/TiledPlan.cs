using System.Diagnostics.CodeAnalysis;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>A kernel made of <c>conv_tile.cuh</c>: a block a tile of pixels and channels of its result.</summary>
/// <param name="kernels">What launches it.</param>
/// <param name="g">The convolution.</param>
/// <param name="result">Shape of what it computes, y or dx.</param>
/// <param name="arguments">The kernel's arguments for the operands; it holds nothing of its own.</param>
internal sealed class TiledPlan<TOperands, [DynamicallyAccessedMembers(KernelLayout.Needed)] TArgs>(
    CudaKernels kernels, in ConvGeometry g, Shape result, Func<TOperands, ConvGeometryArgument, TArgs> arguments)
    : Plan<TOperands>
    where TArgs : unmanaged, IKernelArgs
{
    private readonly ConvGeometryArgument _g = new(g);
    private readonly Grid _grid = new(
        CudaKernels.Blocks(result.Rows, kernels.Constant<TArgs>("conv_tile_rows")),
        CudaKernels.Blocks(result.Last, kernels.Constant<TArgs>("conv_tile_columns")));

    public override void Launch(in TOperands operands) => kernels.Launch(arguments(operands, _g), _grid);
}
