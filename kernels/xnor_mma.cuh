// The product of signs on tensor cores: row = filter, column = output pixel, depth = the 32-bit words of a filter. A warp takes 32 filters
// and 32 pixels. How words are multiplied is a form's business, xnor_forms.cuh; which of them a tap reads, what lies in the padding and
// what becomes of the sums stands here. Derivation in notes/binary_conv.md, registers and lanes in mma.cuh.
//
// A round of the depth is eight words. The order along it is free, so that a lane's two words of a round are neighbours: of a pixel with an
// even number of words one load. The order of rows is free too: a lane has the sums of two neighbouring channels.
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

// What a lane needs to load words of a pixel.
struct PixelRow
{
    const uint32_t* start; // of its window, which may be in the padding
    uint32_t outside;
};

// Two words of each of a lane's pixels, and whether they are inside the image.
struct PixelWords
{
    uint32_t word[kPixelTiles][2];
    bool inside[kPixelTiles][2];
};

template <bool kPaired>
__device__ __forceinline__ void load_pixel(const PixelRow& row, const WordPair& pair, uint32_t (&word)[2], bool (&inside)[2])
{
    if constexpr (kPaired)
    {
        inside[0] = inside[1] = (row.outside & pair.of[0].tap) == 0;
        const uint2 both = inside[0] ? __ldg(reinterpret_cast<const uint2*>(row.start + pair.of[0].offset)) : make_uint2(0u, 0u);
        word[0] = both.x;
        word[1] = both.y;
    }
    else
    {
#pragma unroll
        for (uint32_t r = 0; r < 2; r++)
        {
            inside[r] = (row.outside & pair.of[r].tap) == 0;
            word[r] = inside[r] ? __ldg(row.start + pair.of[r].offset) : 0u;
        }
    }
}

// One round of as many tiles of filters.
template <class Form, uint32_t kTiles>
__device__ __forceinline__ void multiply_round(const PixelWords& x, const uint4 (&w)[kTiles], XnorSums& sums)
{
#pragma unroll
    for (uint32_t part = 0; part < Form::kParts; part++)
    {
        uint32_t a[kTiles][kRegistersA];
#pragma unroll
        for (uint32_t tile = 0; tile < kTiles; tile++)
        {
            const uint32_t words[kRegistersA] = {w[tile].x, w[tile].y, w[tile].z, w[tile].w};
#pragma unroll
            for (uint32_t r = 0; r < kRegistersA; r++)
                a[tile][r] = Form::part_of_w(words[r], part);
        }
#pragma unroll
        for (uint32_t pixels = 0; pixels < kPixelTiles; pixels++)
        {
            const uint32_t b[kRegistersB] = {Form::part_of_x(x.word[pixels][0], x.inside[pixels][0], part),
                Form::part_of_x(x.word[pixels][1], x.inside[pixels][1], part)};
#pragma unroll
            for (uint32_t tile = 0; tile < kTiles; tile++)
                Form::multiply(sums.of[tile][pixels], a[tile], b);
        }
    }
}

// The rounds [from, to), which lie in shared memory.
template <class Form, uint32_t kTiles, bool kPaired>
__device__ __forceinline__ void multiply_rounds(const XnorShared& shared, const PixelRow (&rows)[kPixelTiles], uint32_t from, uint32_t to,
    XnorSums& sums)
{
    const uint32_t step = lane_step(), lane = threadIdx.x % 32;
#pragma unroll Form::kUnroll
    for (uint32_t round = from; round < to; round++)
    {
        const WordPair pair = shared.pairs[round * kPairs + step];
        PixelWords x;
        uint4 w[kTiles];
#pragma unroll
        for (uint32_t pixels = 0; pixels < kPixelTiles; pixels++)
            load_pixel<kPaired>(rows[pixels], pair, x.word[pixels], x.inside[pixels]);
#pragma unroll
        for (uint32_t tile = 0; tile < kTiles; tile++)
            w[tile] = shared.filters[round - from][tile][lane];
        multiply_round<Form, kTiles>(x, w, sums);
        if constexpr (Form::kCountsX)
#pragma unroll
            for (uint32_t pixels = 0; pixels < kPixelTiles; pixels++)
                sums.set[pixels].add(x.word[pixels][0], x.word[pixels][1]);
    }
}

// All of them.
template <class Form>
__device__ __forceinline__ void multiply_filters(const ConvGeometry& g, const uint32_t* w_bits, XnorShared& shared,
    const PixelRow (&rows)[kPixelTiles], XnorSums& sums)
{
    const uint32_t words = words_of(g.i), rounds = rounds_of(g);
    const bool few = g.o - blockIdx.y * kFilters <= kMmaRows;
    for (uint32_t from = 0; from < rounds; from += kRoundsAtOnce)
    {
        const uint32_t to = min(from + kRoundsAtOnce, rounds);
        if (rounds > kRoundsAtOnce)
            load_filters<false>(g, w_bits, from, to, shared);
        if (words % 2 == 0)
            multiply_rounds<Form, kFilterTiles, true>(shared, rows, from, to, sums);
        else if (few)
            multiply_rounds<Form, 1, false>(shared, rows, from, to, sums);
        else
            multiply_rounds<Form, kFilterTiles, false>(shared, rows, from, to, sums);
    }
}

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

// The counts of this lane's pixels and channels; own are the taps of the pixel of the lane's number.
template <class Form, class Store>
__device__ __forceinline__ void store_counts(const ConvGeometry& g, const FilterBits& bits, uint32_t first_pixel, TapsInside own,
    const XnorSums& sums, const Store& store)
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
        if (first_pixel + lane >= g.n * g.oh * g.ow)
            continue;
        PairBits<Form> inside = all;
        if (taps.count() < g.k * g.k)
            inside = PairBits<Form>(bits, taps);
#pragma unroll
        for (uint32_t tile = 0; tile < kFilterTiles; tile++)
        {
            const uint32_t channel = blockIdx.y * kFilters + tile * kMmaRows + 2 * lane_group();
            const int32_t* sum = sums.of[tile][pixels];
            if (channel < g.o)
                store(first_pixel + lane, tile, channel,
                    Form::count(sum[d], count, inside.of[tile] & 0xFFFF, all.of[tile] & 0xFFFF),
                    Form::count(sum[2 + d], count, inside.of[tile] >> 16, all.of[tile] >> 16));
        }
    }
}

// Calls store(pixel, number of the pair of channels among the lane's, first channel, n of it, n of the next) for what this thread has of
// 128 pixels, after prepare_words, as do all threads of the block. Pairs are counted by unrolled loops, so that they may index registers.
template <class Form, class Store>
__device__ __forceinline__ void xnor_tile(const ConvGeometry& g, const uint32_t* x_bits, const uint32_t* w_bits, uint32_t tile_of_pixels,
    XnorShared& shared, const Store& store)
{
    // Each lane finds the window of one of the warp's pixels, and tells the lanes that want it.
    const uint32_t first_pixel = (tile_of_pixels * (kXnorThreads / 32) + threadIdx.x / 32) * kWarpPixels;
    const PixelWindow own = pixel_window(g, x_bits, first_pixel + threadIdx.x % 32);
    PixelRow rows[kPixelTiles];
#pragma unroll
    for (uint32_t pixels = 0; pixels < kPixelTiles; pixels++)
    {
        const int32_t lane = (int32_t)(pixels * kMmaColumns + lane_group());
        rows[pixels] = {reinterpret_cast<const uint32_t*>(__shfl_sync(0xFFFFFFFFu, own.start, lane)),
            __shfl_sync(0xFFFFFFFFu, own.outside, lane)};
    }
    XnorSums sums = {};
    multiply_filters<Form>(g, w_bits, shared, rows, sums);
    store_counts<Form>(g, shared.bits, first_pixel, taps_inside(g, own.outside), sums, store);
}
