// The product of signs on tensor cores: row = filter, column = output pixel, depth = the 32-bit words of a filter. A warp takes 32 filters
// and 32 pixels. How words are multiplied is a form's business, xnor_forms.cuh; xnor_words.cuh finds them, xnor_counts.cuh makes counts of
// the sums. Derivation in notes/binary_conv.md, registers and lanes in mma.cuh.
//
// A round of the depth is eight words. The order along it is free, so that a lane's two words of a round are neighbours: of a pixel with an
// even number of words one load. The order of rows is free too: a lane has the sums of two neighbouring channels.
#pragma once
#include "xnor_counts.cuh"

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

// Words of x, which may be of this very launch: then they are not read through the cache for what never changes.
template <bool kFresh, class Word>
__device__ __forceinline__ Word load_word(const Word* address)
{
    if constexpr (kFresh)
        return __ldca(address);
    else
        return __ldg(address);
}

template <bool kPaired, bool kFresh>
__device__ __forceinline__ void load_pixel(const PixelRow& row, const WordPair& pair, uint32_t (&word)[2], bool (&inside)[2])
{
    if constexpr (kPaired)
    {
        inside[0] = inside[1] = (row.outside & pair.of[0].tap) == 0;
        const uint2* words = reinterpret_cast<const uint2*>(row.start + pair.of[0].offset);
        const uint2 both = inside[0] ? load_word<kFresh>(words) : make_uint2(0u, 0u);
        word[0] = both.x;
        word[1] = both.y;
    }
    else
    {
#pragma unroll
        for (uint32_t r = 0; r < 2; r++)
        {
            inside[r] = (row.outside & pair.of[r].tap) == 0;
            word[r] = inside[r] ? load_word<kFresh>(row.start + pair.of[r].offset) : 0u;
        }
    }
}

template <bool kPaired, bool kFresh>
__device__ __forceinline__ void load_pixels(const PixelRow (&rows)[kPixelTiles], const WordPair& pair, PixelWords& x)
{
#pragma unroll
    for (uint32_t pixels = 0; pixels < kPixelTiles; pixels++)
        load_pixel<kPaired, kFresh>(rows[pixels], pair, x.word[pixels], x.inside[pixels]);
}

// One round of as many tiles of filters, which lie in shared memory.
template <class Form, uint32_t kTiles>
__device__ __forceinline__ void multiply_round(const uint4 (&filters)[kFilterTiles][32], const PixelWords& x, XnorSums& sums)
{
    uint4 w[kTiles];
#pragma unroll
    for (uint32_t tile = 0; tile < kTiles; tile++)
        w[tile] = filters[tile][threadIdx.x % 32];
    if constexpr (Form::kCountsX)
    {
#pragma unroll
        for (uint32_t pixels = 0; pixels < kPixelTiles; pixels++)
            sums.set[pixels].add(x.word[pixels][0], x.word[pixels][1]);
    }
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

// The rounds [from, to). The words of a round are loaded while the one before is multiplied; past the last one it is loaded again. A form
// of many products a round takes them one by one: there the next round's words would only take registers.
template <class Form, uint32_t kTiles, bool kPaired, bool kFresh>
__device__ __forceinline__ void multiply_rounds(const XnorShared& shared, const PixelRow (&rows)[kPixelTiles], uint32_t from, uint32_t to,
    XnorSums& sums)
{
    constexpr bool kAhead = Form::kParts == 1;
    const WordPair* pairs = shared.pairs + lane_step();
    PixelWords x[2];
    if (kAhead)
        load_pixels<kPaired, kFresh>(rows, pairs[from * kPairs], x[0]);
#pragma unroll 1
    for (uint32_t round = from; round < to; round += kAhead ? 2 : 1)
    {
        load_pixels<kPaired, kFresh>(rows, pairs[(kAhead ? min(round + 1, to - 1) : round) * kPairs], x[1]);
        multiply_round<Form, kTiles>(shared.filters[round - from], x[kAhead ? 0 : 1], sums);
        if (!kAhead)
            continue;
        if (round + 1 == to)
            break;
        load_pixels<kPaired, kFresh>(rows, pairs[min(round + 2, to - 1) * kPairs], x[0]);
        multiply_round<Form, kTiles>(shared.filters[round + 1 - from], x[1], sums);
    }
}

// All of them.
template <class Form, bool kFresh>
__device__ __forceinline__ void multiply_filters(const ConvGeometry& g, const XnorTeam& team, const uint32_t* w_bits, XnorShared& shared,
    const PixelRow (&rows)[kPixelTiles], XnorSums& sums)
{
    const uint32_t words = words_of(g.i), rounds = rounds_of(g);
    const bool few = g.o - team.first_filter() <= kMmaRows;
    for (uint32_t from = 0; from < rounds; from += kRoundsAtOnce)
    {
        const uint32_t to = min(from + kRoundsAtOnce, rounds);
        if (rounds > kRoundsAtOnce)
            load_filters<false>(g, team, w_bits, from, to, shared);
        if (words % 2 == 0)
            multiply_rounds<Form, kFilterTiles, true, kFresh>(shared, rows, from, to, sums);
        else if (few)
            multiply_rounds<Form, 1, false, kFresh>(shared, rows, from, to, sums);
        else
            multiply_rounds<Form, kFilterTiles, false, kFresh>(shared, rows, from, to, sums);
    }
}

// Calls store(pixel, number of the pair of channels among the lane's, first channel, n of it, n of the next) for what this thread has of
// the first kXnorPixels of a range, after prepare_words, as do all threads of the team, and of the block where filters do not lie in shared
// memory all at once. Pairs are counted by unrolled loops, so that they may index registers. kFresh: x_bits are those that the block itself
// has just written.
template <class Form, bool kFresh, class Store>
__device__ __forceinline__ void xnor_tile(const ConvGeometry& g, const XnorTeam& team, const uint32_t* x_bits, const uint32_t* w_bits,
    PixelRange range, XnorShared& shared, const Store& store)
{
    // Each lane finds the window of one of the warp's pixels, and tells the lanes that want it.
    const PixelRange pixels_of_warp = {range.first + team.warp() * kWarpPixels, range.end};
    const PixelWindow own = pixel_window(g, x_bits, pixels_of_warp.first + threadIdx.x % 32, range.end);
    PixelRow rows[kPixelTiles];
#pragma unroll
    for (uint32_t pixels = 0; pixels < kPixelTiles; pixels++)
    {
        const int32_t lane = (int32_t)(pixels * kMmaColumns + lane_group());
        rows[pixels] = {reinterpret_cast<const uint32_t*>(__shfl_sync(0xFFFFFFFFu, own.start, lane)),
            __shfl_sync(0xFFFFFFFFu, own.outside, lane)};
    }
    XnorSums sums = {};
    multiply_filters<Form, kFresh>(g, team, w_bits, shared, rows, sums);
    store_counts<Form>(g, team, shared.bits, pixels_of_warp, taps_inside(g, own.outside), sums, store);
}
