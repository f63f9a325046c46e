// What xnor_mma.cuh multiplies: where the words of a filter lie in x, which of a pixel's taps lie in the padding, and the filters
// themselves in shared memory, in the order of the matrix instruction's registers.
#pragma once
#include "filter_bits.cuh"
#include "for_host.cuh"
#include "xnor_forms.cuh"

constexpr uint32_t kXnorThreads = 128;
constexpr uint32_t kFilterTiles = 2, kPixelTiles = 4;
constexpr uint32_t kFilters = kFilterTiles * kMmaRows, kWarpPixels = kPixelTiles * kMmaColumns;
constexpr uint32_t kMostWords = 1024;  // of a filter, with what fills its last round
constexpr uint32_t kRoundsAtOnce = 8;  // in shared memory: all of a filter of 3 x 3 taps and 224 channels
constexpr uint32_t kPairs = kMmaSteps / 2;

FOR_HOST(xnor_pixels, kXnorThreads / 32 * kWarpPixels)
FOR_HOST(xnor_filters, kFilters)
FOR_HOST(xnor_most_words, kMostWords)
FOR_HOST(xnor_most_taps, kMostTaps)

static_assert(kFilters == 2 * kFilterPairs, "the bits of as many filters as a block has");

// Bits that say which taps are meant: a column of taps each, then a row each, and the last for what is past the end of a filter.
constexpr uint32_t kTapRowBit = 8, kPastBit = 1u << 31;

// Two neighbouring words of a filter: how far they lie from a window's first one in x, and the bits of their taps.
struct alignas(16) WordPair
{
    uint32_t offset[2], taps[2];
};

struct alignas(16) XnorShared
{
    uint4 filters[kRoundsAtOnce][kFilterTiles][32]; // by lane: the four registers of A
    WordPair pairs[kMostWords / 2];
    FilterBits bits;
};

// Where an output pixel reads.
struct PixelWindow
{
    uint64_t start;   // address of the first word of tap (0, 0); where that lies in the padding no word of the pixel is, but others are
    uint32_t outside; // counted from it; bits of taps in the padding
};

__device__ __forceinline__ uint32_t rounds_of(const ConvGeometry& g)
{
    return (g.k * g.k * words_of(g.i) + kMmaSteps - 1) / kMmaSteps;
}

// The rounds [from, to) of the block's filters; 0 past the end of one, and of the last one. Asked by all threads of a block. A warp takes
// a filter at a time and reads it from end to end.
__device__ __forceinline__ void load_filters(const ConvGeometry& g, const uint32_t* w_bits, uint32_t from, uint32_t to, XnorShared& shared)
{
    const uint32_t filter = g.k * g.k * words_of(g.i), first = blockIdx.y * kFilters, warp = threadIdx.x / 32;
    const uint32_t filters = min(g.o - first, kFilters);
    uint32_t* registers = reinterpret_cast<uint32_t*>(shared.filters);
    __syncthreads();
    for (uint32_t at = threadIdx.x % 32; at < (to - from) * kMmaSteps; at += 32)
    {
        const uint32_t word = from * kMmaSteps + at, step = at % kMmaSteps;
        const uint32_t* w = w_bits + (uint64_t)(first + warp) * filter + word;
#pragma unroll 4
        for (uint32_t o = warp; o < kFilters; o += kXnorThreads / 32, w += kXnorThreads / 32 * filter)
        {
            const uint32_t lane = o % kMmaRows / 2 * 4 + step / 2;
            const uint32_t place = (at / kMmaSteps * kFilterTiles + o / kMmaRows) * 32 + lane;
            registers[place * kRegistersA + o % 2 + step % 2 * 2] = word < filter && o < filters ? __ldg(w) : 0u;
        }
    }
    __syncthreads();
}

template <class Form>
__device__ __forceinline__ void prepare_words(const ConvGeometry& g, const uint32_t* w_bits, XnorShared& shared)
{
    const uint32_t words = words_of(g.i), filter = g.k * g.k * words, rounds = rounds_of(g);
    for (uint32_t at = threadIdx.x; at < rounds * kMmaSteps; at += kXnorThreads)
    {
        const uint32_t tap = at / words, a = tap / g.k, b = tap % g.k;
        shared.pairs[at / 2].offset[at % 2] = (a * g.w + b) * words + at % words;
        shared.pairs[at / 2].taps[at % 2] = at < filter ? 1u << b | 1u << (kTapRowBit + a) : kPastBit;
    }
    if constexpr (Form::kCountsFilters)
        shared.bits.prepare<kXnorThreads>(g, w_bits, blockIdx.y * kFilters);
    if (rounds <= kRoundsAtOnce)
        load_filters(g, w_bits, 0, rounds, shared);
    else
        __syncthreads();
}

// A bit for each of some taps in line, the first of them at a coordinate that may lie before 0, unless it lies within a size.
__device__ __forceinline__ uint32_t taps_outside(uint32_t first, uint32_t taps, uint32_t size)
{
    const int32_t from = min(max(-(int32_t)first, 0), (int32_t)taps), to = max(min((int32_t)(size - first), (int32_t)taps), from);
    return ((1u << taps) - 1u) & ~((1u << to) - (1u << from));
}

__device__ __forceinline__ PixelWindow pixel_window(const ConvGeometry& g, const uint32_t* x, uint32_t pixel)
{
    if (pixel >= g.n * g.oh * g.ow)
        return {0, 0xFFFFFFFFu};
    const Window window = input_window(g, pixel);
    const int64_t first = (int64_t)window.image + (int64_t)(int32_t)window.row * g.w + (int32_t)window.column;
    return {reinterpret_cast<uint64_t>(x) + (uint64_t)first * words_of(g.i) * sizeof(uint32_t),
        taps_outside(window.column, g.k, g.w) | taps_outside(window.row, g.k, g.h) << kTapRowBit | kPastBit};
}

__device__ __forceinline__ TapsInside taps_inside(const ConvGeometry& g, uint32_t outside)
{
    const uint32_t all = (1u << g.k) - 1u;
    return TapsInside::of(~outside & all, ~(outside >> kTapRowBit) & all, g.k);
}
