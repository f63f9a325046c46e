using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Sums over the rows of a tensor [R,C] in the two passes of <c>row_sums.cuh</c>.</summary>
internal sealed partial class CudaKernels
{
    // Eight rows a thread at least; as many slices as the second pass takes in four rounds.
    private const int SmallestSliceRows = 128, MaximalRowSlices = 512;

    private static FixedSlices RowSlices(Shape x) => FixedSlices.Of(x.Rows, SmallestSliceRows, MaximalRowSlices);

    // Two sums a channel.
    private static long RowSumBytes(Shape x) => RowSlices(x).Count * 2L * x.Last * sizeof(double);

    /// <summary>Blocks of the first pass.</summary>
    private Grid SumsGrid<TArgs>(FixedSlices slices, uint channels) where TArgs : unmanaged, IKernelArgs =>
        new(slices.Count, Blocks(channels, Constant<TArgs>("sum_tile_channels")));
}
