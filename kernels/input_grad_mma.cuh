// The input gradient of a binary convolution on tensor cores: row = input pixel, column = channel of x, depth = (16 channels of dy, tap).
// dy is real: each number becomes two of bf16, which carry 16 bits of it, and so two products; a sign is exact. A block keeps the halo of
// its pixels in shared memory, 16 channels of dy at a time, and reads it through every tap.
//
// With stride s only each s-th tap reads a pixel, and which depends on the pixel's row and column modulo s. So pixels are taken by these
// remainders, a phase at a time: within a phase the convolution has stride 1.
#pragma once
#include "bits.cuh"
#include "conv_geometry.cuh"
#include "mma.cuh"
#include "pixel_tile.cuh"
#include "sign_parts.cuh"

constexpr uint32_t kInputGradThreads = 128;
constexpr uint32_t kInputGradRowTiles = kTilePixels / (kInputGradThreads / 32) / kMmaRows;
constexpr uint32_t kMostInputHalo = 320;  // pixels
constexpr uint32_t kDepthChannels = 16;   // of dy a round
constexpr uint32_t kMostTaps = 49, kMostColumnWords = 2;

FOR_HOST(most_input_halo, kMostInputHalo)
FOR_HOST(most_taps, kMostTaps)

// One axis of a phase: pixel r' of it is pixel stride r' + phase of x, and reads dy at r' + reach - j through its tap first + stride j.
struct PhaseAxis
{
    uint32_t phase, pixels, first, taps, reach;
};

__device__ __forceinline__ PhaseAxis phase_axis(const ConvGeometry& g, uint32_t phase, uint32_t size)
{
    const uint32_t first = (phase + g.padding) % g.stride;
    return {phase, size > phase ? (size - phase + g.stride - 1) / g.stride : 0, first,
        first < g.k ? (g.k - first + g.stride - 1) / g.stride : 0, (phase + g.padding - first) / g.stride};
}

// What a block has of dy and of the signs, a round of channels at a time.
struct InputGradShared
{
    uint4 dy[kMostInputHalo][kDepthChannels / 4];                     // two parts of four channels
    uint32_t signs[kMostTaps][kMostColumnWords][kDepthChannels];      // of w
    uint32_t source[kMostInputHalo];                                  // the halo's pixels in dy
};

template <uint32_t kColumnTiles>
struct InputGradSums
{
    float value[kInputGradRowTiles][kColumnTiles][kRegistersD];
};

struct InputGradPlace
{
    PhaseAxis rows, columns;
    TilePixel first;
    Halo halo;
};

__device__ __forceinline__ InputGradPlace input_grad_place(const ConvGeometry& g, const PixelTile& tile)
{
    const PhaseAxis rows = phase_axis(g, blockIdx.z / g.stride, g.h), columns = phase_axis(g, blockIdx.z % g.stride, g.w);
    return {rows, columns, first_of_tile(tile, blockIdx.x), {rows_of(tile) + rows.taps - 1, columns_of(tile) + columns.taps - 1}};
}

__device__ __forceinline__ void list_halo(const ConvGeometry& g, const PixelTile& tile, const InputGradPlace& place, uint32_t* source)
{
    for (uint32_t at = threadIdx.x; at < place.halo.count(tile); at += kInputGradThreads)
    {
        const TilePixel pixel = place.halo.pixel(at);
        const uint32_t image = place.first.image + pixel.image;
        // Below zero wraps, and is then past the end.
        const uint32_t row = place.first.row + pixel.row + place.rows.reach + 1 - place.rows.taps;
        const uint32_t column = place.first.column + pixel.column + place.columns.reach + 1 - place.columns.taps;
        source[at] = image < g.n && row < g.oh && column < g.ow ? (image * g.oh + row) * g.ow + column : kAbsent;
    }
}

__device__ __forceinline__ void load_halo(const ConvGeometry& g, const float* dy, uint32_t count, uint32_t channel, InputGradShared& shared)
{
    for (uint32_t at = threadIdx.x; at < count * (kDepthChannels / 4); at += kInputGradThreads)
    {
        const uint32_t pixel = at / (kDepthChannels / 4), quad = at % (kDepthChannels / 4), source = shared.source[pixel];
        float4 v = {0.0f, 0.0f, 0.0f, 0.0f};
        if (source != kAbsent)
            v = *reinterpret_cast<const float4*>(dy + (uint64_t)source * g.o + channel + 4 * quad);
        shared.dy[pixel][quad] = bf16_parts(v.x, v.y, v.z, v.w);
    }
}

__device__ __forceinline__ void load_signs(const ConvGeometry& g, const uint32_t* w_bits, const InputGradPlace& place, uint32_t channel,
    uint32_t first_word, InputGradShared& shared)
{
    const uint32_t words = words_of(g.i), taps = place.rows.taps * place.columns.taps;
    for (uint32_t at = threadIdx.x; at < taps * kMostColumnWords * kDepthChannels; at += kInputGradThreads)
    {
        const uint32_t o = at % kDepthChannels, word = at / kDepthChannels % kMostColumnWords, tap = at / kDepthChannels / kMostColumnWords;
        const uint32_t a = place.rows.first + g.stride * (tap / place.columns.taps);
        const uint32_t b = place.columns.first + g.stride * (tap % place.columns.taps);
        shared.signs[tap][word][o] = first_word + word < words
            ? w_bits[((uint64_t)(channel + o) * g.k * g.k + a * g.k + b) * words + first_word + word] : 0u;
    }
}

// The products of one tap: the warp's 32 pixels at their places in the halo, with signs of 8 kColumnTiles channels.
template <uint32_t kColumnTiles>
__device__ __forceinline__ void multiply_tap(const InputGradShared& shared, const uint32_t (&at)[2 * kInputGradRowTiles], uint32_t back,
    uint32_t tap, InputGradSums<kColumnTiles>& sums)
{
    const uint32_t step = lane_step(), group = lane_group();
    uint32_t high[kInputGradRowTiles][kRegistersA], low[kInputGradRowTiles][kRegistersA];
#pragma unroll
    for (uint32_t r = 0; r < 2 * kInputGradRowTiles; r++)
    {
        const uint4 parts = shared.dy[at[r] - back][step];
        high[r / 2][r % 2] = parts.x;
        high[r / 2][r % 2 + 2] = parts.y;
        low[r / 2][r % 2] = parts.z;
        low[r / 2][r % 2 + 2] = parts.w;
    }

#pragma unroll
    for (uint32_t half = 0; half < (kColumnTiles + 1) / 2; half++)
    {
        const uint4 w = *reinterpret_cast<const uint4*>(&shared.signs[tap][half / 2][4 * step]);
        const uint32_t first = side_by_side(w.x, w.y, half % 2), second = side_by_side(w.z, w.w, half % 2);
#pragma unroll
        for (uint32_t tile = 2 * half; tile < 2 * half + 2 && tile < kColumnTiles; tile++)
        {
            const uint32_t b[kRegistersB] = {signs_at(first, 8 * (tile % 2) + group), signs_at(second, 8 * (tile % 2) + group)};
#pragma unroll
            for (uint32_t row = 0; row < kInputGradRowTiles; row++)
            {
                mma_bf16(sums.value[row][tile], high[row], b);
                mma_bf16(sums.value[row][tile], low[row], b);
            }
        }
    }
}

// All sums of the warp. Those of a round are added to the total in single precision: what tensor cores add to, they cut off instead of
// rounding, which over thousands of products would show.
template <uint32_t kColumnTiles>
__device__ __forceinline__ void input_grad_sums(const ConvGeometry& g, const PixelTile& tile, const InputGradPlace& place, const float* dy,
    const uint32_t* w_bits, InputGradShared& shared, InputGradSums<kColumnTiles>& total)
{
    uint32_t at[2 * kInputGradRowTiles];
#pragma unroll
    for (uint32_t r = 0; r < 2 * kInputGradRowTiles; r++)
    {
        const TilePixel pixel = pixel_of_tile(tile, threadIdx.x / 32 * (kInputGradRowTiles * kMmaRows) + r * 8 + lane_group());
        at[r] = place.halo.index(pixel.image, pixel.row + place.rows.taps - 1, pixel.column + place.columns.taps - 1);
    }

    total = {};
    for (uint32_t channel = 0; channel < g.o; channel += kDepthChannels)
    {
        __syncthreads();
        load_halo(g, dy, place.halo.count(tile), channel, shared);
        load_signs(g, w_bits, place, channel, blockIdx.y * kColumnTiles * kMmaColumns / kBitsPerWord, shared);
        __syncthreads();
        InputGradSums<kColumnTiles> sums = {};
        for (uint32_t a = 0, tap = 0; a < place.rows.taps; a++)
            for (uint32_t b = 0; b < place.columns.taps; b++, tap++)
                multiply_tap<kColumnTiles>(shared, at, a * place.halo.columns + b, tap, sums);
#pragma unroll
        for (uint32_t row = 0; row < kInputGradRowTiles; row++)
#pragma unroll
            for (uint32_t column = 0; column < kColumnTiles; column++)
#pragma unroll
                for (uint32_t r = 0; r < kRegistersD; r++)
                    total.value[row][column][r] += sums.value[row][column][r];
    }
}

// Calls store(index in dx, first sum, second sum) for every two channels of a pixel that exists.
template <uint32_t kColumnTiles, class Store>
__device__ __forceinline__ void store_input_grad(const ConvGeometry& g, const PixelTile& tile, const InputGradPlace& place,
    const InputGradSums<kColumnTiles>& sums, const Store& store)
{
    const uint32_t first = blockIdx.y * kColumnTiles * kMmaColumns + 2 * lane_step();
#pragma unroll
    for (uint32_t r = 0; r < 2 * kInputGradRowTiles; r++)
    {
        const TilePixel pixel = pixel_of_tile(tile, threadIdx.x / 32 * (kInputGradRowTiles * kMmaRows) + r * 8 + lane_group());
        const uint32_t image = place.first.image + pixel.image;
        const uint32_t row = place.first.row + pixel.row, column = place.first.column + pixel.column;
        if (image >= g.n || row >= place.rows.pixels || column >= place.columns.pixels)
            continue;
        const uint32_t y = row * g.stride + place.rows.phase, x = column * g.stride + place.columns.phase;
        const uint64_t base = (uint64_t)((image * g.h + y) * g.w + x) * g.i;
#pragma unroll
        for (uint32_t c = 0; c < kColumnTiles; c++)
            if (first + c * kMmaColumns < g.i)
                store(base + first + c * kMmaColumns, sums.value[r / 2][c][2 * (r % 2)], sums.value[r / 2][c][2 * (r % 2) + 1]);
    }
}
