// The weight gradient of a convolution as far as one block goes: it adds up a slice of the output pixels,
// partial[slice][o][tap,i] = sum over its pixels of dy[pixel][o] * x[pixel at the tap][i], with x real, or +-1 and 0 in the padding.
// slice_sum adds up the slices in their order. No atomics: the same bits every time. Derivation in notes/conv.md.
// As a product: row = (tap, i), column = o, depth = pixel.
#pragma once
#include "bits.cuh"
#include "conv_geometry.cuh"
#include "for_host.cuh"
#include "tile.cuh"
#include "unit_gradient.cuh"

constexpr uint32_t kWeightRowsPerThread = 2; // 64 rows: the narrowest layers have 144
constexpr uint32_t kWeightRows = Tile<kWeightRowsPerThread>::kRows;

FOR_HOST(weight_tile_rows, kWeightRows)
FOR_HOST(weight_tile_columns, kTileColumns)

struct RealInput
{
    const float* x; // [N,H,W,I]

    __device__ __forceinline__ float at(const ConvGeometry& g, uint32_t pixel, uint32_t i) const { return x[(uint64_t)pixel * g.i + i]; }
};

struct SignInput
{
    const uint32_t* bits; // [N,H,W,words(I)]

    __device__ __forceinline__ float at(const ConvGeometry& g, uint32_t pixel, uint32_t i) const
    {
        return sign_at(bits + (uint64_t)pixel * words_of(g.i), i);
    }
};

// One round: what kTileDepth output pixels read through the taps of the block's rows. A thread keeps its row, so it finds its tap only once
// a round.
template <class Input>
__device__ __forceinline__ void load_input(const ConvGeometry& g, const Input& x, const Window* windows, uint32_t valid,
    Tile<kWeightRowsPerThread>& tile)
{
    const uint32_t row = blockIdx.x * kWeightRows + threadIdx.x, tap = row / g.i, i = row % g.i, a = tap / g.k, b = tap % g.k;
    const bool exists = a < g.k;
    for (uint32_t depth = 0; depth < kTileDepth; depth++)
    {
        uint32_t index;
        const bool inside = exists && depth < valid && input_pixel(g, windows[depth], a, b, index);
        tile.a[depth][threadIdx.x] = inside ? x.at(g, index, i) : 0.0f;
    }
}

// A thread keeps its column.
template <class Gradient>
__device__ __forceinline__ void load_gradient(const ConvGeometry& g, const Gradient& dy, const typename Gradient::Channel& channel,
    uint32_t start, uint32_t valid, Tile<kWeightRowsPerThread>& tile)
{
    const uint32_t column = threadIdx.x % kTileColumns, o = blockIdx.y * kTileColumns + column;
    for (uint32_t depth = threadIdx.x / kTileColumns; depth < kTileDepth; depth += kTileThreads / kTileColumns)
        tile.b[depth][column] = o < g.o && depth < valid ? dy.at((start + depth) * g.o + o, channel) : 0.0f;
}

__device__ __forceinline__ void store_partial(const ConvGeometry& g, const Sums<kWeightRowsPerThread>& sums, float* partial)
{
    const uint32_t filter = g.k * g.k * g.i;
#pragma unroll
    for (uint32_t r = 0; r < kWeightRowsPerThread; r++)
    {
        const uint32_t row = blockIdx.x * kWeightRows + tile_row(r);
#pragma unroll
        for (uint32_t c = 0; c < kColumnsPerThread; c++)
        {
            const uint32_t o = blockIdx.y * kTileColumns + tile_column(c);
            if (row < filter && o < g.o)
                partial[((uint64_t)blockIdx.z * g.o + o) * filter + row] = sums.value[r][c];
        }
    }
}

template <class Gradient, class Input>
__device__ __forceinline__ void add_up_slice(
    const ConvGeometry& g, const Gradient& dy, const Input& x, uint32_t slice_pixels, float* partial)
{
    __shared__ Tile<kWeightRowsPerThread> tile;
    __shared__ Window windows[kTileDepth];
    const uint32_t count = g.n * g.oh * g.ow, first = blockIdx.z * slice_pixels;
    const uint32_t end = count - first < slice_pixels ? count : first + slice_pixels;
    const uint32_t o = blockIdx.y * kTileColumns + threadIdx.x % kTileColumns;
    const typename Gradient::Channel channel = dy.channel(o < g.o ? o : 0);
    Sums<kWeightRowsPerThread> sums;
    clear(sums);
    for (uint32_t start = first; start < end; start += kTileDepth)
    {
        const uint32_t valid = end - start < kTileDepth ? end - start : kTileDepth;
        if (threadIdx.x < valid)
            windows[threadIdx.x] = input_window(g, start + threadIdx.x);
        load_gradient(g, dy, channel, start, valid, tile);
        __syncthreads();
        load_input(g, x, windows, valid, tile);
        __syncthreads();
        multiply_add(tile, sums);
        __syncthreads();
    }

    store_partial(g, sums, partial);
}
