// The product of signs on tensor cores: row = output pixel, column = filter, depth = the 32-bit words of a filter. A warp takes 32 pixels
// and 32 filters. A set bit stands for -1, so a product is +1 where both bits are set or neither is:
//   n = 2 (popc(x and w) + popc(not x and not w)) - K_valid.
// A tap in the padding has no bits set in either and counts nothing. AND is the form that tensor cores have from 8.0 to 9.0.
// Derivation in notes/binary_conv.md, registers and lanes in mma.cuh.
#pragma once
#include "bits.cuh"
#include "conv_geometry.cuh"
#include "for_host.cuh"
#include "mma.cuh"

constexpr uint32_t kXnorThreads = 128;
constexpr uint32_t kRowTiles = 2, kColumnTiles = 4;
constexpr uint32_t kWarpPixels = kRowTiles * kMmaRows, kFilters = kColumnTiles * kMmaColumns;
constexpr uint32_t kMostWords = 1024; // of a filter

FOR_HOST(xnor_pixels, kXnorThreads / 32 * kWarpPixels)
FOR_HOST(xnor_filters, kFilters)
FOR_HOST(xnor_most_words, kMostWords)

// What a lane needs of one of its four output pixels.
struct PixelRow
{
    Window window;
    uint32_t pixel; // of the output
    bool exists;
};

// Where a word of a filter lies: the row and column of its tap, and its number among the words of a pixel; or, in the last round, that the
// filter has ended.
struct WordPlace
{
    uint16_t a, b, word, past;
};

__device__ __forceinline__ void list_words(const ConvGeometry& g, uint32_t count, WordPlace* places)
{
    const uint32_t words = words_of(g.i);
    for (uint32_t at = threadIdx.x; at < count; at += kXnorThreads)
    {
        const uint32_t tap = at / words;
        places[at] = {(uint16_t)(tap / g.k), (uint16_t)(tap % g.k), (uint16_t)(at % words), (uint16_t)(tap >= g.k * g.k)};
    }
}

// One register of A for each of the two products: the word and its complement, both empty in the padding.
__device__ __forceinline__ void load_word(const ConvGeometry& g, const uint32_t* x, const PixelRow& row, WordPlace place, uint32_t words,
    uint32_t& set, uint32_t& clear)
{
    uint32_t index;
    const bool inside = input_pixel(g, row.window, place.a, place.b, index) && row.exists && place.past == 0;
    const uint32_t word = inside ? x[(uint64_t)index * words + place.word] : 0u;
    set = word;
    clear = inside ? ~word : 0u;
}

__device__ __forceinline__ uint32_t taps_inside(uint32_t first, uint32_t taps, uint32_t size)
{
    uint32_t inside = 0;
    for (uint32_t tap = 0; tap < taps; tap++)
        inside += first + tap < size ? 1u : 0u;
    return inside;
}

struct XnorShared
{
    WordPlace places[kMostWords];
};

__device__ __forceinline__ void prepare_words(const ConvGeometry& g, XnorShared& shared)
{
    const uint32_t filter = g.k * g.k * words_of(g.i);
    list_words(g, (filter + kMmaSteps - 1) / kMmaSteps * kMmaSteps, shared.places);
    __syncthreads();
}

// Calls store(pixel, pair of channels among the tile's, first channel, n of it, n of the next) for what this thread has of 128 pixels,
// after prepare_words. Pairs are counted by unrolled loops, so that they may index registers.
template <class Store>
__device__ __forceinline__ void xnor_tile(const ConvGeometry& g, const uint32_t* x_bits, const uint32_t* w_bits, uint32_t tile_of_pixels,
    const XnorShared& shared, const Store& store)
{
    const WordPlace* places = shared.places;
    const uint32_t words = words_of(g.i), filter = g.k * g.k * words;
    const uint32_t rounds = (filter + kMmaSteps - 1) / kMmaSteps, group = lane_group(), step = lane_step();
    PixelRow rows[kRowTiles * 2];
#pragma unroll
    for (uint32_t r = 0; r < kRowTiles * 2; r++)
    {
        const uint32_t pixel = (tile_of_pixels * (kXnorThreads / 32) + threadIdx.x / 32) * kWarpPixels + r * 8 + group;
        const bool exists = pixel < g.n * g.oh * g.ow;
        rows[r] = {exists ? input_window(g, pixel) : Window{0, 0, 0}, pixel, exists};
    }

    const uint32_t first = blockIdx.y * kFilters;
    const uint32_t tiles = g.o - first < kFilters ? (g.o - first) / kMmaColumns : kColumnTiles;
    const uint32_t rest = g.i % kBitsPerWord, last = rest == 0 ? 0xFFFFFFFFu : (1u << rest) - 1u;
    int32_t agree[kRowTiles][kColumnTiles][kRegistersD] = {};
    for (uint32_t round = 0; round < rounds; round++)
    {
        uint32_t set[kRowTiles][kRegistersA], clear[kRowTiles][kRegistersA];
#pragma unroll
        for (uint32_t tile = 0; tile < kRowTiles; tile++)
#pragma unroll
            for (uint32_t r = 0; r < kRegistersA; r++)
                load_word(g, x_bits, rows[2 * tile + r % 2], places[round * kMmaSteps + step + 4 * (r / 2)], words, set[tile][r],
                    clear[tile][r]);
#pragma unroll
        for (uint32_t tile = 0; tile < kColumnTiles; tile++)
        {
            if (tile >= tiles)
                continue;
            const uint32_t* filters = w_bits + (uint64_t)(first + tile * kMmaColumns + group) * filter;
            uint32_t negative[kRegistersB], positive[kRegistersB];
#pragma unroll
            for (uint32_t r = 0; r < kRegistersB; r++)
            {
                const uint32_t at = round * kMmaSteps + step + 4 * r;
                negative[r] = at < filter ? filters[at] : 0u;
                positive[r] = ~negative[r] & (places[at].word + 1u == words ? last : 0xFFFFFFFFu);
            }

#pragma unroll
            for (uint32_t row = 0; row < kRowTiles; row++)
            {
                mma_and(agree[row][tile], set[row], negative);
                mma_and(agree[row][tile], clear[row], positive);
            }
        }
    }

#pragma unroll
    for (uint32_t r = 0; r < kRowTiles * 2; r++)
    {
        if (!rows[r].exists)
            continue;
        const int32_t products = (int32_t)(taps_inside(rows[r].window.row, g.k, g.h) * taps_inside(rows[r].window.column, g.k, g.w) * g.i);
#pragma unroll
        for (uint32_t tile = 0; tile < kColumnTiles; tile++)
        {
            if (tile >= tiles)
                continue;
            const int32_t* sums = &agree[r / 2][tile][2 * (r % 2)];
            store(rows[r].pixel, tile, first + tile * kMmaColumns + 2 * step, 2 * sums[0] - products, 2 * sums[1] - products);
        }
    }
}
