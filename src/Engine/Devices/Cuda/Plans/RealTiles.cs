using System.Diagnostics.CodeAnalysis;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// A convolution of reals on tensor cores, forward or transposed, made of <c>real_conv_mma.cuh</c>: a block a tile of pixels and channels
/// of its result. For channels of a multiple of 8 on both sides.
/// </summary>
internal sealed class RealTiles<TOperands, [DynamicallyAccessedMembers(KernelLayout.Needed)] TArgs> : Plan<TOperands>
    where TArgs : unmanaged, IKernelArgs
{
    private readonly CudaKernels _kernels;
    private readonly ConvGeometryArgument _g;
    private readonly Grid _grid;
    private readonly Func<TOperands, ConvGeometryArgument, TArgs> _arguments;

    private RealTiles(CudaKernels kernels, in ConvGeometry g, Grid grid, Func<TOperands, ConvGeometryArgument, TArgs> arguments) =>
        (_kernels, _g, _grid, _arguments) = (kernels, new(g), grid, arguments);

    /// <summary>The plan.</summary>
    /// <param name="kernels">What launches it.</param>
    /// <param name="g">The convolution.</param>
    /// <param name="result">Shape of what it computes, y or dx.</param>
    /// <param name="step">Pixels of the result from one of a phase to the next: 1, or the stride of a transposed convolution.</param>
    /// <param name="columns">The kernel's constant for the channels of a block.</param>
    /// <param name="arguments">The kernel's arguments for the operands; it holds nothing of its own.</param>
    public static Plan<TOperands> For(CudaKernels kernels, in ConvGeometry g, Shape result, int step, string columns,
        Func<TOperands, ConvGeometryArgument, TArgs> arguments)
    {
        // Of the first phase, which has the most pixels.
        long pixels = (long)result[0] * CudaKernels.Blocks(result[1], (uint)step) * CudaKernels.Blocks(result[2], (uint)step);
        var grid = new Grid(CudaKernels.Blocks(pixels, kernels.Constant<TArgs>("real_rows")),
            CudaKernels.Blocks(result.Last, kernels.Constant<TArgs>(columns)), checked((uint)(step * step)));
        return new RealTiles<TOperands, TArgs>(kernels, g, grid, arguments);
    }

    public override void Launch(in TOperands operands) => _kernels.Launch(_arguments(operands, _g), _grid);
}
