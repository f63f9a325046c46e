// The first half of a binary unit forward: the counts n, as xnor_mma.cuh finds them, kept as 16-bit integers, and in the same pass the sums
// over all pixels of max(n, 0) and of its square, as integers: exact, in any order. The last block turns the sums into the batch's
// statistics of z = scale * max(n, 0), as batch_norm_statistics does, and clears them for the next launch. In evaluation there are no sums.
// Derivation in notes/binary_unit.md.
#pragma once
#include "batch_statistics.cuh"
#include "last_block.cuh"
#include "xnor_mma.cuh"

// Fits 16 bits; over all pixels that a lane may have their sum fits 32, and so does that of the squares over those of one tile.
constexpr uint32_t kMostCount = 11585;

FOR_HOST(unit_most_count, kMostCount)

using Whole = unsigned long long;

struct CountSums
{
    int32_t sum[2 * kFilterTiles];
    Whole squares[2 * kFilterTiles];
};

// Adds up the four lanes of a warp that have the same channels.
__device__ __forceinline__ void add_lanes(CountSums& sums)
{
#pragma unroll
    for (uint32_t c = 0; c < 2 * kFilterTiles; c++)
#pragma unroll
        for (int32_t lanes = 1; lanes < 4; lanes *= 2)
        {
            sums.sum[c] += __shfl_xor_sync(0xFFFFFFFFu, sums.sum[c], lanes);
            sums.squares[c] += __shfl_xor_sync(0xFFFFFFFFu, sums.squares[c], lanes);
        }
}

// Adds the sums of kTeams teams to those of the grid [2,O]; each team has its own of as many groups of filters, or all have one.
template <uint32_t kTeams>
__device__ __forceinline__ void add_block(const ConvGeometry& g, uint32_t groups, CountSums& sums, Whole* total)
{
    constexpr uint32_t kWarps = kTeams * kXnorThreads / 32;
    __shared__ Whole of_warp[kWarps][2][kFilters];
    add_lanes(sums);
    if (lane_step() == 0)
#pragma unroll
        for (uint32_t c = 0; c < 2 * kFilterTiles; c++)
        {
            const uint32_t channel = c / 2 * kMmaRows + 2 * lane_group() + c % 2;
            of_warp[threadIdx.x / 32][0][channel] = (Whole)sums.sum[c];
            of_warp[threadIdx.x / 32][1][channel] = sums.squares[c];
        }
    __syncthreads();
    const uint32_t channel = threadIdx.x % kFilters, which = threadIdx.x / kFilters % 2, group = threadIdx.x / (2 * kFilters);
    const uint32_t o = (blockIdx.y + group) * kFilters + channel, warps = kWarps / groups;
    if (group >= groups || o >= g.o)
        return;
    Whole sum = 0;
    for (uint32_t warp = group * warps; warp < (group + 1) * warps; warp++)
        sum += of_warp[warp][which][channel];
    atomicAdd(total + (uint64_t)which * g.o + o, sum);
}

template <uint32_t kTeams>
__device__ __forceinline__ void finish_statistics(const ConvGeometry& g, float scale, Whole* total, const BatchStatistics& statistics)
{
    for (uint32_t o = threadIdx.x; o < g.o; o += kTeams * kXnorThreads)
    {
        const double sum = (double)atomicExch(total + o, 0), squares = (double)atomicExch(total + g.o + o, 0);
        const double count = sum / statistics.rows, raw = squares / statistics.rows - count * count;
        statistics.store(o, scale * count, (double)scale * scale * (raw < 0.0 ? 0.0 : raw));
    }
}

struct UnitConv
{
    const uint32_t *x_bits, *w_bits;
    const float* scale;
    int16_t* counts;
    uint64_t* sums; // null in evaluation
    uint32_t* ticket;
};

// The counts of every step-th tile of a range, from one on, for a team, and what they add to its sums.
template <class Form, bool kFresh>
__device__ __forceinline__ void count_tiles(const ConvGeometry& g, const XnorTeam& team, const UnitConv& unit, PixelRange range,
    uint32_t tile, uint32_t step, XnorShared& shared, CountSums& own)
{
    for (PixelRange rest = {range.first + tile * kXnorPixels, range.end}; rest.first < rest.end; rest.first += step * kXnorPixels)
    {
        uint32_t squares[2 * kFilterTiles] = {};
        xnor_tile<Form, kFresh>(g, team, unit.x_bits, unit.w_bits, rest, shared,
            [&](uint32_t pixel, uint32_t pair, uint32_t channel, int32_t first, int32_t second)
        {
            *reinterpret_cast<short2*>(unit.counts + (uint64_t)pixel * g.o + channel) = make_short2((int16_t)first, (int16_t)second);
            const int32_t positive[2] = {max(first, 0), max(second, 0)};
#pragma unroll
            for (uint32_t c = 0; c < 2; c++)
            {
                own.sum[2 * pair + c] += positive[c];
                squares[2 * pair + c] += (uint32_t)(positive[c] * positive[c]);
            }
        });
#pragma unroll
        for (uint32_t c = 0; c < 2 * kFilterTiles; c++)
            own.squares[c] += squares[c];
    }
}

// In training, once a block has all its counts.
template <uint32_t kTeams>
__device__ __forceinline__ void finish_counts(
    const ConvGeometry& g, uint32_t groups, const UnitConv& unit, CountSums& own, const BatchStatistics& statistics)
{
    if (unit.sums == nullptr)
        return;
    Whole* total = reinterpret_cast<Whole*>(unit.sums);
    add_block<kTeams>(g, groups, own, total);
    if (is_last_block(unit.ticket))
        finish_statistics<kTeams>(g, *unit.scale, total, statistics);
}
