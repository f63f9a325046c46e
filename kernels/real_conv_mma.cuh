// A real convolution, forward or transposed, on tensor cores: row = pixel of the result, column = channel of it, depth = (tap, channel of
// what is read), as in conv_tile.cuh, by the product of real_mma.cuh. For channels of a multiple of 8: a quad of the depth has one tap.
#pragma once
#include "bits.cuh"
#include "for_host.cuh"
#include "grad_mode.cuh"
#include "real_axes.cuh"
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

// The whole of it. Where no tap of the phase reads anything, sums are zero; where other phases have more pixels, a block may have none.
template <class Form, class Tile, class Filters, class Store>
__device__ __forceinline__ void real_conv(const RealConv& conv, const float* x, const Filters& filters, const Store& store)
{
    RealSums<Tile> sums;
    RealConvSource<Tile, Filters> source(conv, x, filters);
    multiply_real<Form, Tile>(source, conv.rounds(kRoundDepth), sums);
    store_pixels<Tile>(conv, sums, store);
}

template <class Form, class Tile>
__device__ __forceinline__ void real_forward(const float* x, const float* w, float* y, const ConvGeometry& g)
{
    real_conv<Form, Tile>(forward_conv(g), x, RealFilters{w}, [&](uint64_t i, float2 sums) { *reinterpret_cast<float2*>(y + i) = sums; });
}

template <class Form, class Tile>
__device__ __forceinline__ void real_input_grad(const float* dy, const float* w, float* dx, const ConvGeometry& g, uint32_t mode)
{
    real_conv<Form, Tile>(transposed_conv(g), dy, TransposedFilters{w}, [&](uint64_t i, float2 sums)
    {
        float2* target = reinterpret_cast<float2*>(dx + i);
        const float2 before = mode == kGradAdd ? *target : make_float2(0.0f, 0.0f);
        *target = mode == kGradAdd ? make_float2(before.x + sums.x, before.y + sums.y) : sums;
    });
}
