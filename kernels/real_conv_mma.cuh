// A real convolution, forward or transposed, on tensor cores: row = pixel of the result, column = channel of it, depth = (tap, channel of
// what is read), as in conv_tile.cuh, by the product of real_mma.cuh. For channels of a multiple of 8: a quad of the depth has one tap.
//
// Transposed with stride s, only each s-th tap reads a pixel, and which depends on the pixel's row and column modulo s. So pixels are taken
// by these remainders, a phase for each blockIdx.z: within a phase it is a convolution of stride 1 with its taps in reverse.
#pragma once
#include "bits.cuh"
#include "conv_geometry.cuh"
#include "for_host.cuh"
#include "real_mma.cuh"

constexpr uint32_t kRealRows = 128, kRealColumns = 64, kNarrowRealColumns = 32;

FOR_HOST(real_rows, kRealRows)
FOR_HOST(real_columns, kRealColumns)
FOR_HOST(narrow_real_columns, kNarrowRealColumns)

using RealPixels = RealTile<kRealRows, kRealColumns>;
using NarrowRealPixels = RealTile<kRealRows, kNarrowRealColumns>;

constexpr uint32_t kRealThreads = 256;
constexpr uint32_t kNarrowRealThreads = 128;
static_assert(kRealThreads == RealPixels::kThreads && kNarrowRealThreads == NarrowRealPixels::kThreads, "a warp for 32 x 32 sums");

// Blocks that a multiprocessor is to have room for: totals, sums and what is on its way fill 128 registers.
constexpr uint32_t kRealBlocks = 2;
constexpr uint32_t kNarrowRealBlocks = 3;

// One axis. Pixel r of it, pixel spacing r + phase among `extent` of the result, reads at step r + shift + a of `size` through its tap a,
// which is the filter's tap first + between a.
struct RealAxis
{
    uint32_t pixels, spacing, phase, extent, step, shift, size, taps, first, between;
};

__device__ __forceinline__ RealAxis forward_axis(const ConvGeometry& g, uint32_t size, uint32_t result)
{
    return {result, 1, 0, result, g.stride, 0u - g.padding, size, g.k, 0, 1};
}

// notes/conv.md derives which taps a phase has.
__device__ __forceinline__ RealAxis transposed_axis(const ConvGeometry& g, uint32_t phase, uint32_t size, uint32_t result)
{
    const uint32_t first = (phase + g.padding) % g.stride, reach = (phase + g.padding) / g.stride;
    const uint32_t taps = first < g.k ? (g.k - first + g.stride - 1) / g.stride : 0;
    const uint32_t pixels = result > phase ? (result - phase + g.stride - 1) / g.stride : 0;
    return {pixels, g.stride, phase, result, 1, reach + 1 - taps, size, taps, first + g.stride * (taps - 1), 0u - g.stride};
}

struct RealConv
{
    RealAxis down, across;
    uint32_t images, channels, columns, k; // channels read, and of the result

    __device__ __forceinline__ uint32_t rows() const { return images * down.pixels * across.pixels; }
    __device__ __forceinline__ uint32_t rounds() const { return (down.taps * across.taps * channels + kRoundDepth - 1) / kRoundDepth; }
};

__device__ __forceinline__ RealConv forward_conv(const ConvGeometry& g)
{
    return {forward_axis(g, g.h, g.oh), forward_axis(g, g.w, g.ow), g.n, g.i, g.o, g.k};
}

__device__ __forceinline__ RealConv transposed_conv(const ConvGeometry& g)
{
    return {transposed_axis(g, blockIdx.z / g.stride, g.oh, g.h), transposed_axis(g, blockIdx.z % g.stride, g.ow, g.w), g.n, g.o, g.i, g.k};
}

__device__ __forceinline__ uint4 quad_of(const float* p)
{
    return *reinterpret_cast<const uint4*>(p);
}

// Weights [O,K,K,I] as the right side: four channels of a tap for one column.
struct RealFilters
{
    const float* w;

    __device__ __forceinline__ uint4 read(const RealConv& conv, uint32_t column, uint32_t tap, uint32_t channel) const
    {
        return quad_of(w + ((uint64_t)column * conv.k * conv.k + tap) * conv.channels + channel);
    }
};

struct TransposedFilters
{
    const float* w;

    __device__ __forceinline__ uint4 read(const RealConv& conv, uint32_t column, uint32_t tap, uint32_t channel) const
    {
        const uint32_t pitch = conv.k * conv.k * conv.columns;
        const float* p = w + (uint64_t)channel * pitch + tap * conv.columns + column;
        return make_uint4(__float_as_uint(p[0]), __float_as_uint(p[pitch]), __float_as_uint(p[2 * pitch]), __float_as_uint(p[3 * pitch]));
    }
};

struct SignFilters
{
    const uint32_t* bits; // [O,K,K,words(I)]

    __device__ __forceinline__ uint4 read(const RealConv& conv, uint32_t column, uint32_t tap, uint32_t channel) const
    {
        const uint32_t word = (column * conv.k * conv.k + tap) * words_of(conv.channels) + channel / kBitsPerWord;
        return make_uint4(bits[word], channel % kBitsPerWord, 0, 0);
    }
};

// What the tap (0, 0) of a pixel reads: the pixel with this index, in this row and column; all three may lie before the first and wrap.
struct Corner
{
    uint32_t pixel, row, column;
};

// What a thread reads: the same quad of the depth, round after round, for the same rows and columns.
template <class Tile, class Filters>
struct RealConvSource
{
    static constexpr uint32_t kApart = Tile::kThreads / kRoundQuads; // pairs of rows, or columns, from one to the next

    const RealConv& conv;
    const float* x;
    Filters filters;
    Corner corners[Tile::kLeft][2];
    uint32_t a, b, channel;

    static __device__ __forceinline__ uint32_t line(uint32_t i) { return threadIdx.x / kRoundQuads + i * kApart; }
    static __device__ __forceinline__ uint32_t left_place(uint32_t i) { return quad_place(line(i), threadIdx.x % kRoundQuads); }
    static __device__ __forceinline__ uint32_t right_place(uint32_t i) { return quad_place(line(i), threadIdx.x % kRoundQuads); }

    __device__ __forceinline__ RealConvSource(const RealConv& of, const float* from, const Filters& by)
        : conv(of), x(from), filters(by), a(0), b(0), channel(0)
    {
#pragma unroll
        for (uint32_t i = 0; i < 2 * Tile::kLeft; i++)
            corners[i / 2][i % 2] = corner(blockIdx.x * Tile::kRows + 2 * line(i / 2) + i % 2);
        advance(threadIdx.x % kRoundQuads * kQuadDepth);
    }

    // A row that does not exist is past the end with every tap.
    __device__ __forceinline__ Corner corner(uint32_t pixel) const
    {
        const uint32_t along = pixel / conv.across.pixels, image = along / conv.down.pixels;
        const uint32_t row = along % conv.down.pixels * conv.down.step + conv.down.shift;
        const uint32_t column = pixel % conv.across.pixels * conv.across.step + conv.across.shift;
        return {(image * conv.down.size + row) * conv.across.size + column, pixel < conv.rows() ? row : 0x80000000u, column};
    }

    // By 16 at most, over two taps at most: there are eight channels at least.
    __device__ __forceinline__ void advance(uint32_t depth)
    {
        channel += depth;
#pragma unroll
        for (uint32_t over = 0; over < 2; over++)
        {
            const bool next = channel >= conv.channels;
            channel -= next ? conv.channels : 0;
            b += next ? 1 : 0;
            const bool down = b == conv.across.taps;
            b = down ? 0 : b;
            a += down ? 1 : 0;
        }
    }

    __device__ __forceinline__ uint4 left(const Corner& corner) const
    {
        const uint32_t pixel = corner.pixel + a * conv.across.size + b;
        const bool inside = a < conv.down.taps && corner.row + a < conv.down.size && corner.column + b < conv.across.size;
        return inside ? quad_of(x + (pixel * conv.channels + channel)) : make_uint4(0, 0, 0, 0);
    }

    __device__ __forceinline__ void read(RealRound<Tile>& round)
    {
#pragma unroll
        for (uint32_t i = 0; i < Tile::kLeft; i++)
            round.left[i] = {left(corners[i][0]), left(corners[i][1])};
#pragma unroll
        for (uint32_t i = 0; i < Tile::kRight; i++)
        {
            const uint32_t column = blockIdx.y * Tile::kColumns + line(i);
            const uint32_t tap = (conv.down.first + a * conv.down.between) * conv.k + conv.across.first + b * conv.across.between;
            const bool exists = a < conv.down.taps && column < conv.columns;
            round.right[i] = exists ? filters.read(conv, column, tap, channel) : make_uint4(0, 0, 0, 0);
        }

        advance(kRoundDepth);
    }
};

// The pixel of the result with this number among those of the phase.
__device__ __forceinline__ uint32_t result_pixel(const RealConv& conv, uint32_t row)
{
    if (conv.down.spacing == 1)
        return row;
    const uint32_t along = row / conv.across.pixels, image = along / conv.down.pixels;
    const uint32_t r = along % conv.down.pixels * conv.down.spacing + conv.down.phase;
    const uint32_t c = row % conv.across.pixels * conv.across.spacing + conv.across.phase;
    return (image * conv.down.extent + r) * conv.across.extent + c;
}

// Calls store(flat index, two neighbours) for every pair of sums that exists.
template <class Tile, class Store>
__device__ __forceinline__ void store_pixels(const RealConv& conv, const RealSums<Tile>& sums, const Store& store)
{
#pragma unroll
    for (uint32_t r = 0; r < 2 * Tile::kRowTiles; r++)
    {
        const uint32_t row = blockIdx.x * Tile::kRows + sum_row<Tile>(r / 2) + r % 2;
        if (row >= conv.rows())
            continue;
        const uint64_t first = (uint64_t)result_pixel(conv, row) * conv.columns;
#pragma unroll
        for (uint32_t c = 0; c < Tile::kColumnTiles; c++)
        {
            const uint32_t column = blockIdx.y * Tile::kColumns + sum_column<Tile>(c);
            const float* pair = &sums.value[r / 2][c][r % 2 * 2];
            if (column < conv.columns)
                store(first + column, make_float2(pair[0], pair[1]));
        }
    }
}

// The whole of it, for a block that has pixels. Where no tap of the phase reads anything, sums are zero.
template <class Form, class Tile, class Filters, class Store>
__device__ __forceinline__ void real_conv(const RealConv& conv, const float* x, const Filters& filters, const Store& store)
{
    RealSums<Tile> sums;
    RealConvSource<Tile, Filters> source(conv, x, filters);
    multiply_real<Form, Tile>(source, conv.rounds(), sums);
    store_pixels<Tile>(conv, sums, store);
}
