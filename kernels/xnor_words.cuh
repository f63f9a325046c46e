// What xnor_mma.cuh multiplies: where the words of a filter lie in x, which of a pixel's taps lie in the padding, and the filters
// themselves in shared memory, in the order of the matrix instruction's registers.
#pragma once
#include "filter_bits.cuh"
#include "for_host.cuh"
#include "xnor_forms.cuh"

constexpr uint32_t kXnorThreads = 128;
constexpr uint32_t kFilterTiles = 2, kPixelTiles = 4;
constexpr uint32_t kFilters = kFilterTiles * kMmaRows, kWarpPixels = kPixelTiles * kMmaColumns;
constexpr uint32_t kMostWords = 1024; // of a filter, with what fills its last round
constexpr uint32_t kRoundsAtOnce = 8; // in shared memory: all of a filter of 3 x 3 taps and 224 channels
constexpr uint32_t kPairs = kMmaSteps / 2;
constexpr uint32_t kXnorPixels = kXnorThreads / 32 * kWarpPixels; // of a team at a time

FOR_HOST(xnor_pixels, kXnorPixels)
FOR_HOST(xnor_filters, kFilters)
FOR_HOST(xnor_most_words, kMostWords)
FOR_HOST(xnor_most_taps, kMostTaps)

static_assert(kFilters == 2 * kFilterPairs, "the bits of as many filters as a block has");

// Bits that say which taps are meant: a column of taps each, then a row each, and the last for what is past the end of a filter.
constexpr uint32_t kTapRowBit = 8, kPastBit = 1u << 31;

// Where a word of a filter reads: how far from a window's first word in x, and the bits of its tap.
struct WordPlace
{
    uint32_t offset, tap;
};

// Two neighbours.
struct alignas(16) WordPair
{
    WordPlace of[2];
};

struct alignas(16) XnorShared
{
    uint4 filters[kRoundsAtOnce][kFilterTiles][32]; // by lane: the four registers of A
    WordPair pairs[kMostWords / 2];
    FilterBits bits;
};

// What a team of kXnorThreads threads has: the threads of a block, or of half of one. Barriers are the block's.
struct XnorTeam
{
    uint32_t thread, filters; // its number in the team, and that of the 32 filters which the team takes

    __device__ __forceinline__ uint32_t warp() const { return thread / 32; }
    __device__ __forceinline__ uint32_t first_filter() const { return filters * kFilters; }
};

// All threads of a block.
__device__ __forceinline__ XnorTeam whole_block() { return {threadIdx.x, blockIdx.y}; }

// Output pixels, of all images in line, that a team takes.
struct PixelRange
{
    uint32_t first, end;
};

__device__ __forceinline__ PixelRange all_pixels(const ConvGeometry& g) { return {0, g.n * g.oh * g.ow}; }

// Where an output pixel reads: the address of the first word of tap (0, 0), from which the others are counted though it may lie in the
// padding itself, and the bits of the taps that do.
struct PixelWindow
{
    uint64_t start;
    uint32_t outside;
};

__device__ __forceinline__ uint32_t rounds_of(const ConvGeometry& g)
{
    return (g.k * g.k * words_of(g.i) + kMmaSteps - 1) / kMmaSteps;
}

// Of the words of a pair of filters that the lanes of a warp have, from a place on that is a multiple of 32. Lanes that certainly have the
// same tap, as many as the largest power of two that divides a pixel's words, add up theirs before.
__device__ __forceinline__ void count_bits(FilterBits& bits, const ConvGeometry& g, uint32_t place, uint32_t pair,
    const uint32_t (&word)[2])
{
    const uint32_t words = words_of(g.i), span = words & (0u - words);
    uint32_t set = (uint32_t)__popc(word[0]) | (uint32_t)__popc(word[1]) << 16;
    for (uint32_t lanes = 1; lanes < min(span, 32u); lanes *= 2)
        set += __shfl_xor_sync(0xFFFFFFFFu, set, (int32_t)lanes);
    if (place < g.k * g.k * words && (span >= 32 ? threadIdx.x % 32 : place % span) == 0)
        bits.add(g.k, place / words, pair, set);
}

// The rounds [from, to) of a team's filters; 0 past the end of one, and of the last one. A warp takes a pair of filters at a time and reads
// them from end to end. Counts their bits too, if asked to.
template <bool kCount>
__device__ __forceinline__ void load_filters(
    const ConvGeometry& g, const XnorTeam& team, const uint32_t* w_bits, uint32_t from, uint32_t to, XnorShared& shared)
{
    constexpr uint32_t kWarps = kXnorThreads / 32, kEach = kFilterPairs / kWarps;
    const uint32_t filter = g.k * g.k * words_of(g.i), first = team.first_filter(), warp = team.warp();
    const uint32_t filters = min(g.o - first, kFilters), count = (to - from) * kMmaSteps;
    uint32_t* registers = reinterpret_cast<uint32_t*>(shared.filters);
    __syncthreads();
    for (uint32_t base = 0; base < count; base += 32)
    {
        const uint32_t at = base + threadIdx.x % 32, place = from * kMmaSteps + at, step = at % kMmaSteps;
        const uint32_t* w = w_bits + (uint64_t)(first + 2 * warp) * filter + place;
        uint32_t word[kEach][2];
#pragma unroll
        for (uint32_t n = 0; n < 2 * kEach; n++)
            word[n / 2][n % 2] = place < filter && 2 * (n / 2 * kWarps + warp) + n % 2 < filters
                ? __ldg(w + (n / 2 * kWarps * 2 + n % 2) * filter) : 0u;
#pragma unroll
        for (uint32_t n = 0; n < kEach; n++)
        {
            const uint32_t pair = n * kWarps + warp, lane = pair % (kMmaRows / 2) * 4 + step / 2;
            const uint32_t own = ((at / kMmaSteps * kFilterTiles + pair / (kMmaRows / 2)) * 32 + lane) * kRegistersA + step % 2 * 2;
            if (at < count)
            {
                registers[own] = word[n][0];
                registers[own + 1] = word[n][1];
            }
            if (kCount)
                count_bits(shared.bits, g, place, pair, word[n]);
        }
    }
    __syncthreads();
}

// What every tile of pixels needs. Filters of more rounds than there is room for are read to be counted, and again for each tile.
template <class Form>
__device__ __forceinline__ void prepare_words(const ConvGeometry& g, const XnorTeam& team, const uint32_t* w_bits, XnorShared& shared)
{
    const uint32_t words = words_of(g.i), filter = g.k * g.k * words, rounds = rounds_of(g);
    for (uint32_t at = team.thread; at < rounds * kMmaSteps; at += kXnorThreads)
    {
        const uint32_t tap = at / words, a = tap / g.k, b = tap % g.k;
        shared.pairs[at / 2].of[at % 2] = {(a * g.w + b) * words + at % words,
            at < filter ? 1u << b | 1u << (kTapRowBit + a) : kPastBit};
    }
    if constexpr (Form::kCountsFilters)
    {
        shared.bits.clear<kXnorThreads>(team.thread, g.k);
        for (uint32_t from = 0; from < rounds; from += kRoundsAtOnce)
            load_filters<true>(g, team, w_bits, from, min(from + kRoundsAtOnce, rounds), shared);
        shared.bits.add_up<kXnorThreads>(team.thread, g.k);
    }
    else if (rounds <= kRoundsAtOnce)
        load_filters<false>(g, team, w_bits, 0, rounds, shared);
    else
        __syncthreads();
}

// A bit for each of some taps in line, the first of them at a coordinate that may lie before 0, unless it lies within a size.
__device__ __forceinline__ uint32_t taps_outside(uint32_t first, uint32_t taps, uint32_t size)
{
    const int32_t from = min(max(-(int32_t)first, 0), (int32_t)taps), to = max(min((int32_t)(size - first), (int32_t)taps), from);
    return ((1u << taps) - 1u) & ~((1u << to) - (1u << from));
}

__device__ __forceinline__ PixelWindow pixel_window(const ConvGeometry& g, const uint32_t* x, uint32_t pixel, uint32_t end)
{
    if (pixel >= end)
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
