using System.Diagnostics.CodeAnalysis;
using ReSTE.Native.Operations;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// A weight gradient of reals on tensor cores, made of <c>real_weight_grad_mma.cuh</c>: a block a tile of weights and a slice of the
/// output's pixels; then the slices are added up. For channels of a multiple of 8 on both sides.
/// </summary>
/// <param name="kernels">What launches it.</param>
/// <param name="g">The convolution.</param>
/// <param name="columns">The kernel's constant for the filters of a block.</param>
/// <param name="arguments">The kernel's arguments for the operands and the pixels of a slice; it holds nothing of its own.</param>
internal sealed class RealFilterTiles<[DynamicallyAccessedMembers(KernelLayout.Needed)] TArgs>(
    CudaKernels kernels, in ConvGeometry g, string columns, Func<WeightGradOperands, ConvGeometryArgument, uint, TArgs> arguments)
    : Plan<WeightGradOperands>
    where TArgs : unmanaged, IKernelArgs
{
    // Blocks enough for the largest GPU, three a multiprocessor, and slices long enough to be worth their partial sums.
    private const uint EnoughBlocks = 396;
    private const int SmallestSlicePixels = 256;

    private readonly ConvGeometryArgument _g = new(g);
    private readonly uint _weights = checked((uint)g.Weight.Count);
    private readonly Grid _tiles = TilesOf(kernels, g, columns);
    private readonly FixedSlices _slices = Cut(g, TilesOf(kernels, g, columns));

    public override long ScratchBytes => (long)_slices.Count * _weights * sizeof(float);

    public override void Launch(in WeightGradOperands operands)
    {
        kernels.Launch(arguments(operands, _g, _slices.Rows), _tiles with { Z = _slices.Count });
        kernels.SumSlices(operands, _slices.Count, _weights);
    }

    private static Grid TilesOf(CudaKernels kernels, in ConvGeometry g, string columns) => new(
        CudaKernels.Blocks(g.K * g.K * g.I, kernels.Constant<TArgs>("filter_rows")),
        CudaKernels.Blocks(g.O, kernels.Constant<TArgs>(columns)));

    private static FixedSlices Cut(in ConvGeometry g, Grid tiles) =>
        FixedSlices.Of(g.Output.Rows, SmallestSlicePixels, (int)Math.Max(1, EnoughBlocks / (tiles.X * tiles.Y)));
}
