using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Sums over the rows of a tensor [R,C] as in <c>row_sums.cuh</c>.</summary>
internal sealed partial class CudaKernels
{
    // Eight rows a thread at least; as many slices as the last block takes in 32 rounds.
    private const int SmallestSliceRows = 128, MaximalRowSlices = 512;

    private static FixedSlices RowSlices(Shape x) => FixedSlices.Of(x.Rows, SmallestSliceRows, MaximalRowSlices);

    // Two sums a channel.
    private static long RowSumBytes(Shape x) => RowSlices(x).Count * 2L * x.Last * sizeof(double);

    // One for every block of channels.
    internal Ptr<uint> TicketsOf(uint channels) => channels <= CudaCommonMemory.MostTickets * RowSumChannels
        ? common.Tickets
        : throw new NotSupportedException(
            $"{channels} channels are more than the CUDA kernels add up, {CudaCommonMemory.MostTickets * RowSumChannels}");

    private uint RowSumChannels => Constant<BatchNormStatistics>("sum_tile_channels");

    /// <summary>Blocks of a launch: slices of the rows, and of the channels.</summary>
    private Grid SumsGrid<TArgs>(FixedSlices slices, uint channels) where TArgs : unmanaged, IKernelArgs =>
        new(slices.Count, Blocks(channels, Constant<TArgs>("sum_tile_channels")));
}
