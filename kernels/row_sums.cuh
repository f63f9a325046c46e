// Two sums a channel over the rows of a tensor [R,C], in two passes of fixed order: a block a slice of rows and 16 channels, then a block a
// channel.
#pragma once
#include "block_sum.cuh"
#include "for_host.cuh"
#include <stdint.h>

constexpr uint32_t kSumBlock = 256;
constexpr uint32_t kTileChannels = 16; // channels of the narrowest layers: a warp reads two rows of them
constexpr uint32_t kRowLanes = kSumBlock / kTileChannels;
constexpr uint32_t kFinishBlock = 128; // at most 512 slices: four a thread

FOR_HOST(sum_tile_channels, kTileChannels)

// Two sums of one channel over a slice of rows.
struct Pair
{
    double first, second;
};

// Adds up the rows of this thread in the block's slice: every kRowLanes-th. term(flat index, sums) adds one value's share.
template <class Term>
__device__ __forceinline__ Pair sum_rows(uint32_t rows, uint32_t channels, uint32_t slice_rows, const Term& term)
{
    const uint32_t channel = blockIdx.y * kTileChannels + threadIdx.x % kTileChannels;
    const uint64_t first = (uint64_t)blockIdx.x * slice_rows, end = first + slice_rows < rows ? first + slice_rows : rows;
    Pair sum = {0.0, 0.0};
    if (channel < channels)
        for (uint64_t row = first + threadIdx.x / kTileChannels; row < end; row += kRowLanes)
            term(row * channels + channel, sum);
    return sum;
}

// Adds up the row lanes of each channel; lane 0 stores its slice's sums. partial [slices,2,C].
__device__ __forceinline__ void store_slice(Pair sum, uint32_t channels, double* partial)
{
    __shared__ Pair sums[kRowLanes][kTileChannels];
    const uint32_t lane = threadIdx.x / kTileChannels, column = threadIdx.x % kTileChannels, channel = blockIdx.y * kTileChannels + column;
    sums[lane][column] = sum;
    for (uint32_t half = kRowLanes / 2; half > 0; half /= 2)
    {
        __syncthreads();
        if (lane < half)
        {
            sums[lane][column].first += sums[lane + half][column].first;
            sums[lane][column].second += sums[lane + half][column].second;
        }
    }

    if (lane == 0 && channel < channels)
    {
        partial[(uint64_t)blockIdx.x * 2 * channels + channel] = sums[0][column].first;
        partial[((uint64_t)blockIdx.x * 2 + 1) * channels + channel] = sums[0][column].second;
    }
}

// The sums of one channel over all slices, to every thread of the block.
__device__ __forceinline__ Pair sum_slices(const double* partial, uint32_t channel, uint32_t channels, uint32_t slices)
{
    Pair sum = {0.0, 0.0};
    for (uint32_t slice = threadIdx.x; slice < slices; slice += kFinishBlock)
    {
        sum.first += partial[(uint64_t)slice * 2 * channels + channel];
        sum.second += partial[((uint64_t)slice * 2 + 1) * channels + channel];
    }

    return {block_sum<kFinishBlock>(sum.first), block_sum<kFinishBlock>(sum.second)};
}
