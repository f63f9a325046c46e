// The weight gradient of a real convolution on tensor cores as far as one block goes: partial[slice][o][tap,i] = sum over the slice's
// pixels of dy[pixel][o] * x[pixel at the tap][i], by the product of real_mma.cuh. Row = (tap, i), column = o, depth = output pixel;
// slice_sum adds up the slices in their order.
#pragma once
#include "conv_geometry.cuh"
#include "for_host.cuh"
#include "real_mma.cuh"

constexpr uint32_t kFilterRows = 64, kFilterColumns = 64, kNarrowFilterColumns = 32;

FOR_HOST(filter_rows, kFilterRows)
FOR_HOST(filter_columns, kFilterColumns)
FOR_HOST(narrow_filter_columns, kNarrowFilterColumns)

using RealFilterTile = RealTile<kFilterRows, kFilterColumns>;
using NarrowRealFilterTile = RealTile<kFilterRows, kNarrowFilterColumns>;

constexpr uint32_t kFilterThreads = 128;
constexpr uint32_t kNarrowFilterThreads = 64;
static_assert(kFilterThreads == RealFilterTile::kThreads && kNarrowFilterThreads == NarrowRealFilterTile::kThreads, "32 x 32 a warp");

constexpr uint32_t kFilterBlocks = 3;
constexpr uint32_t kNarrowFilterBlocks = 6;

__device__ __forceinline__ float2 pair_of(const float* p)
{
    return *reinterpret_cast<const float2*>(p);
}

// Two lines of four numbers from four pairs.
__device__ __forceinline__ QuadPair two_quads(float2 v0, float2 v1, float2 v2, float2 v3)
{
    return {make_uint4(__float_as_uint(v0.x), __float_as_uint(v1.x), __float_as_uint(v2.x), __float_as_uint(v3.x)),
        make_uint4(__float_as_uint(v0.y), __float_as_uint(v1.y), __float_as_uint(v2.y), __float_as_uint(v3.y))};
}

// What the pixels of two rounds read: those of the next one are found while this one's are used.
struct RoundWindows
{
    uint4 of[2][kRoundDepth]; // a Window each
};

// What a thread reads: two neighbours of (tap, i), which have one tap, and two neighbouring filters, of four pixels each. The lanes of a
// warp have neighbours of one pixel at a time. The first filters of all pairs are the first columns of the tile, the second ones the rest.
template <class Tile>
struct FilterSource
{
    static constexpr uint32_t kColumnPairs = Tile::kColumns / 2;
    static constexpr uint32_t kRowTeams = Tile::kThreads / Tile::kPairs, kColumnTeams = Tile::kThreads / kColumnPairs;
    static_assert(kColumnTeams * (Tile::kRight / 2) == kRoundQuads, "a thread has one quad of a pair of filters, or more");

    const ConvGeometry& g;
    const float *dy, *x;
    RoundWindows& windows;
    uint32_t start, end, half; // of the pixels
    uint32_t a, b, i, o;

    static __device__ __forceinline__ uint32_t left_quad(uint32_t j) { return threadIdx.x / Tile::kPairs + j * kRowTeams; }
    static __device__ __forceinline__ uint32_t right_quad(uint32_t j) { return threadIdx.x / kColumnPairs + j / 2 * kColumnTeams; }
    static __device__ __forceinline__ uint32_t left_place(uint32_t j) { return quad_place(threadIdx.x % Tile::kPairs, left_quad(j)); }
    static __device__ __forceinline__ uint32_t right_place(uint32_t j)
    {
        return quad_place(threadIdx.x % kColumnPairs + j % 2 * kColumnPairs, right_quad(j));
    }

    __device__ __forceinline__ FilterSource(const ConvGeometry& of, const float* gradient, const float* input, RoundWindows& shared,
        uint32_t first, uint32_t past)
        : g(of), dy(gradient), x(input), windows(shared), start(first), end(past), half(0)
    {
        const uint32_t row = blockIdx.x * Tile::kRows + threadIdx.x % Tile::kPairs * 2, tap = row / g.i;
        i = row % g.i;
        a = tap / g.k;
        b = tap % g.k;
        o = blockIdx.y * Tile::kColumns + threadIdx.x % kColumnPairs * 2;
        find_windows();
        __syncthreads();
    }

    // Of the round at `start`. A pixel past the end reads nothing with any tap.
    __device__ __forceinline__ void find_windows()
    {
        const uint32_t pixel = start + threadIdx.x;
        if (threadIdx.x >= kRoundDepth)
            return;
        const Window window = input_window(g, pixel);
        windows.of[half][threadIdx.x] = make_uint4(window.image, pixel < end ? window.row : 0x80000000u, window.column, 0);
    }

    __device__ __forceinline__ float2 input_at(uint32_t depth) const
    {
        const uint4 window = windows.of[half][depth];
        const uint32_t row = window.y + a, column = window.z + b;
        const bool inside = a < g.k && row < g.h && column < g.w;
        return inside ? pair_of(x + (uint64_t)(window.x + row * g.w + column) * g.i + i) : make_float2(0.0f, 0.0f);
    }

    __device__ __forceinline__ float2 gradient_at(uint32_t depth) const
    {
        const uint32_t pixel = start + depth;
        return pixel < end && o < g.o ? pair_of(dy + (uint64_t)pixel * g.o + o) : make_float2(0.0f, 0.0f);
    }

    __device__ __forceinline__ void read(RealRound<Tile>& round)
    {
#pragma unroll
        for (uint32_t j = 0; j < Tile::kLeft; j++)
        {
            const uint32_t depth = left_quad(j) * kQuadDepth;
            round.left[j] = two_quads(input_at(depth), input_at(depth + 1), input_at(depth + 2), input_at(depth + 3));
        }
#pragma unroll
        for (uint32_t j = 0; j < Tile::kRight; j += 2)
        {
            const uint32_t depth = right_quad(j) * kQuadDepth;
            const QuadPair both = two_quads(gradient_at(depth), gradient_at(depth + 1), gradient_at(depth + 2), gradient_at(depth + 3));
            round.right[j] = both.upper;
            round.right[j + 1] = both.lower;
        }

        start += kRoundDepth;
        half ^= 1;
        find_windows();
    }
};

template <class Tile>
__device__ __forceinline__ void store_filters(const ConvGeometry& g, const RealSums<Tile>& sums, float* partial)
{
    constexpr uint32_t kColumnPairs = FilterSource<Tile>::kColumnPairs;
    const uint32_t filter = g.k * g.k * g.i;
#pragma unroll
    for (uint32_t r = 0; r < Tile::kRowTiles; r++)
    {
        const uint32_t row = blockIdx.x * Tile::kRows + sum_row<Tile>(r);
#pragma unroll
        for (uint32_t c = 0; c < 2 * Tile::kColumnTiles; c++)
        {
            const uint32_t column = sum_column<Tile>(c / 2) + c % 2, pair_of_filters = column % kColumnPairs;
            const uint32_t o = blockIdx.y * Tile::kColumns + 2 * pair_of_filters + column / kColumnPairs;
            const float2 pair = make_float2(sums.value[r][c / 2][c % 2], sums.value[r][c / 2][2 + c % 2]);
            if (row < filter && o < g.o)
                *reinterpret_cast<float2*>(partial + ((uint64_t)blockIdx.z * g.o + o) * filter + row) = pair;
        }
    }
}

template <class Form, class Tile>
__device__ __forceinline__ void real_weight_grad(
    const ConvGeometry& g, const float* dy, const float* x, uint32_t slice_pixels, float* partial)
{
    __shared__ RoundWindows windows;
    const uint32_t count = g.n * g.oh * g.ow, first = blockIdx.z * slice_pixels;
    const uint32_t end = count - first < slice_pixels ? count : first + slice_pixels;
    RealSums<Tile> sums;
    FilterSource<Tile> source(g, dy, x, windows, first, end);
    multiply_real<Form, Tile>(source, (end - first + kRoundDepth - 1) / kRoundDepth, sums);
    store_filters<Tile>(g, sums, partial);
}
