// What xnor_mma.cuh adds up, and the counts n that it becomes. Of each tile of filters a lane has channels 2g and 2g + 1, which are the
// matrix's rows g and g + 8, and of each tile of pixels 2t and 2t + 1.
#pragma once
#include "xnor_words.cuh"

// Counts the bits set in words, two of them with one popcount: those that are set twice with the last odd one are kept apart.
struct SetBits
{
    uint32_t once, twice;

    __device__ __forceinline__ void add(uint32_t a, uint32_t b)
    {
        twice += (uint32_t)__popc((once & a) | (once & b) | (a & b));
        once ^= a ^ b;
    }

    __device__ __forceinline__ uint32_t count() const { return (uint32_t)__popc(once) + 2 * twice; }
};

// What a lane adds up: by tile of filters and of pixels, and the bits set in its own words of x.
struct XnorSums
{
    int32_t of[kFilterTiles][kPixelTiles][kRegistersD];
    SetBits set[kPixelTiles];
};

// What a block's filters have set, by pair of a lane's channels.
template <class Form>
struct PairBits
{
    uint32_t of[kFilterTiles];

    __device__ __forceinline__ PairBits(const FilterBits& bits, uint32_t taps)
    {
#pragma unroll
        for (uint32_t tile = 0; tile < kFilterTiles; tile++)
            of[tile] = Form::kCountsFilters ? bits.all(taps, tile * kMmaRows / 2 + lane_group()) : 0u;
    }

    __device__ __forceinline__ PairBits(const FilterBits& bits, const TapsInside& inside)
    {
#pragma unroll
        for (uint32_t tile = 0; tile < kFilterTiles; tile++)
            of[tile] = Form::kCountsFilters ? bits.inside(inside, tile * kMmaRows / 2 + lane_group()) : 0u;
    }
};

// The sum over the four lanes that have words of one pixel, in each.
__device__ __forceinline__ uint32_t of_all_steps(uint32_t value)
{
    value += __shfl_xor_sync(0xFFFFFFFFu, value, 1);
    return value + __shfl_xor_sync(0xFFFFFFFFu, value, 2);
}

// The counts of this lane's channels and pixels, of the first 32 of a range that is the warp's; own are the taps of the pixel of the lane's
// number.
template <class Form, class Store>
__device__ __forceinline__ void store_counts(const ConvGeometry& g, const XnorTeam& team, const FilterBits& bits, PixelRange own_pixels,
    TapsInside own, const XnorSums& sums, const Store& store)
{
    const PairBits<Form> all(bits, g.k);
    uint32_t set[kPixelTiles] = {};
    if constexpr (Form::kCountsX)
#pragma unroll
        for (uint32_t pixels = 0; pixels < kPixelTiles; pixels++)
            set[pixels] = of_all_steps(sums.set[pixels].count());
#pragma unroll
    for (uint32_t at = 0; at < kPixelTiles * 2; at++)
    {
        const uint32_t pixels = at / 2, d = at % 2, lane = pixels * kMmaColumns + 2 * lane_step() + d;
        const TapsInside taps = {__shfl_sync(0xFFFFFFFFu, own.packed, (int32_t)lane)};
        PixelCount count = {(int32_t)(taps.count() * g.i), (int32_t)(taps.count() * words_of(g.i)), 0};
        if constexpr (Form::kCountsX)
            count.set = (int32_t)__shfl_sync(0xFFFFFFFFu, set[pixels], (int32_t)(lane % kMmaColumns * kMmaSteps / 2));
        if (own_pixels.first + lane >= own_pixels.end)
            continue;
        PairBits<Form> inside = all;
        if (taps.count() < g.k * g.k)
            inside = PairBits<Form>(bits, taps);
#pragma unroll
        for (uint32_t tile = 0; tile < kFilterTiles; tile++)
        {
            const uint32_t channel = team.first_filter() + tile * kMmaRows + 2 * lane_group();
            const int32_t* sum = sums.of[tile][pixels];
            if (channel < g.o)
                store(own_pixels.first + lane, tile, channel,
                    Form::count(sum[d], count, inside.of[tile] & 0xFFFF, all.of[tile] & 0xFFFF),
                    Form::count(sum[2 + d], count, inside.of[tile] >> 16, all.of[tile] >> 16));
        }
    }
}
