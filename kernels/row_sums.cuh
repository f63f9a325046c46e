// Two sums a channel over the rows of a tensor [R,C], in fixed order: a block a slice of rows and 16 channels; the last block of these
// channels to finish adds up what all slices left.
#pragma once
#include "for_host.cuh"
#include "last_block.cuh"
#include <stdint.h>

constexpr uint32_t kSumBlock = 256;
constexpr uint32_t kTileChannels = 16; // channels of the narrowest layers: a warp reads two rows of them
constexpr uint32_t kRowLanes = kSumBlock / kTileChannels;

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

// Adds up the row lanes of each channel; the sum is lane 0's.
__device__ __forceinline__ Pair add_lanes(Pair sum)
{
    __shared__ Pair sums[kRowLanes][kTileChannels];
    const uint32_t lane = threadIdx.x / kTileChannels, column = threadIdx.x % kTileChannels;
    __syncthreads(); // those of an earlier call have been read
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
    return sums[lane][column];
}

// The sums of this thread's rows become those of all rows; finish(channel, sums) is called once a channel. partial [slices,2,C], a ticket
// for every 16 channels.
template <class Finish>
__device__ __forceinline__ void finish_rows(Pair sum, uint32_t channels, double* partial, uint32_t* tickets, const Finish& finish)
{
    const uint32_t lane = threadIdx.x / kTileChannels, channel = blockIdx.y * kTileChannels + threadIdx.x % kTileChannels;
    const Pair slice = add_lanes(sum);
    if (lane == 0 && channel < channels)
    {
        partial[(uint64_t)blockIdx.x * 2 * channels + channel] = slice.first;
        partial[((uint64_t)blockIdx.x * 2 + 1) * channels + channel] = slice.second;
    }

    if (!is_last_block(tickets + blockIdx.y, gridDim.x))
        return;
    Pair all = {0.0, 0.0};
    if (channel < channels)
#pragma unroll 8
        for (uint32_t other = lane; other < gridDim.x; other += kRowLanes)
        {
            all.first += partial[(uint64_t)other * 2 * channels + channel];
            all.second += partial[((uint64_t)other * 2 + 1) * channels + channel];
        }
    all = add_lanes(all);
    if (lane == 0 && channel < channels)
        finish(channel, all);
}
