// A convolution as a product of matrices that are never stored: row = pixel, column = channel of the result, depth = (tap, channel of the
// operand).
// Forward: rows are output pixels, the operand is x. Transposed, for input gradients: rows are input pixels, the operand is dy.
// notes/conv.md derives both.
#pragma once
#include "conv_geometry.cuh"
#include "conv_weights.cuh"
#include "for_host.cuh"
#include "tile.cuh"

constexpr uint32_t kConvRowsPerThread = 4;
constexpr uint32_t kConvRows = Tile<kConvRowsPerThread>::kRows; // 128 pixels a block

FOR_HOST(conv_tile_rows, kConvRows)
FOR_HOST(conv_tile_columns, kTileColumns)

using ConvSums = Sums<kConvRowsPerThread>;

struct Forward
{
    static __device__ __forceinline__ uint32_t rows(const ConvGeometry& g) { return g.n * g.oh * g.ow; }
    static __device__ __forceinline__ uint32_t columns(const ConvGeometry& g) { return g.o; }
    static __device__ __forceinline__ uint32_t channels(const ConvGeometry& g) { return g.i; }
    static __device__ __forceinline__ Window window(const ConvGeometry& g, uint32_t row) { return input_window(g, row); }

    static __device__ __forceinline__ bool read(const ConvGeometry& g, const Window& window, uint32_t a, uint32_t b, uint32_t& index)
    {
        return input_pixel(g, window, a, b, index);
    }

    template <class Weights>
    static __device__ __forceinline__ float weight(const ConvGeometry& g, const Weights& w, uint32_t column, uint32_t tap, uint32_t channel)
    {
        return w.at(g, column, tap, channel);
    }
};

struct Transposed
{
    static __device__ __forceinline__ uint32_t rows(const ConvGeometry& g) { return g.n * g.h * g.w; }
    static __device__ __forceinline__ uint32_t columns(const ConvGeometry& g) { return g.i; }
    static __device__ __forceinline__ uint32_t channels(const ConvGeometry& g) { return g.o; }
    static __device__ __forceinline__ Window window(const ConvGeometry& g, uint32_t row) { return output_window(g, row); }

    static __device__ __forceinline__ bool read(const ConvGeometry& g, const Window& window, uint32_t a, uint32_t b, uint32_t& index)
    {
        return output_pixel(g, window, a, b, index);
    }

    template <class Weights>
    static __device__ __forceinline__ float weight(const ConvGeometry& g, const Weights& w, uint32_t column, uint32_t tap, uint32_t channel)
    {
        return w.at(g, channel, tap, column);
    }
};

// One round's share of the operand: kTileDepth (tap, channel) pairs of every pixel of the block; 0 in the padding and past the end.
template <class Direction>
__device__ __forceinline__ void load_operand(const ConvGeometry& g, const float* x, const Window* windows, uint32_t valid, uint32_t start,
    Tile<kConvRowsPerThread>& tile)
{
    const uint32_t channels = Direction::channels(g), depth = threadIdx.x % kTileDepth;
    const uint32_t tap = (start + depth) / channels, channel = (start + depth) % channels, a = tap / g.k, b = tap % g.k;
    const bool exists = a < g.k;
    for (uint32_t row = threadIdx.x / kTileDepth; row < kConvRows; row += kTileThreads / kTileDepth)
    {
        uint32_t index;
        const bool inside = row < valid && exists && Direction::read(g, windows[row], a, b, index);
        tile.a[depth][row] = inside ? x[(uint64_t)index * channels + channel] : 0.0f;
    }
}

template <class Direction, class Weights>
__device__ __forceinline__ void load_weights(const ConvGeometry& g, const Weights& w, uint32_t first_column, uint32_t start,
    Tile<kConvRowsPerThread>& tile)
{
    const uint32_t channels = Direction::channels(g), depth = threadIdx.x % kTileDepth;
    const uint32_t tap = (start + depth) / channels, channel = (start + depth) % channels;
    for (uint32_t c = threadIdx.x / kTileDepth; c < kTileColumns; c += kTileThreads / kTileDepth)
    {
        const bool inside = tap < g.k * g.k && first_column + c < Direction::columns(g);
        tile.b[depth][c] = inside ? Direction::weight(g, w, first_column + c, tap, channel) : 0.0f;
    }
}

// The sums of this block's tile: rows from blockIdx.x * kConvRows, columns from blockIdx.y * kTileColumns.
template <class Direction, class Weights>
__device__ __forceinline__ void convolve(const ConvGeometry& g, const float* x, const Weights& w, ConvSums& sums)
{
    __shared__ Tile<kConvRowsPerThread> tile;
    __shared__ Window windows[kConvRows];
    const uint32_t first = blockIdx.x * kConvRows, left = Direction::rows(g) - first, valid = left < kConvRows ? left : kConvRows;
    for (uint32_t row = threadIdx.x; row < valid; row += kTileThreads)
        windows[row] = Direction::window(g, first + row);
    clear(sums);
    __syncthreads();
    for (uint32_t start = 0; start < g.k * g.k * Direction::channels(g); start += kTileDepth)
    {
        load_operand<Direction>(g, x, windows, valid, start, tile);
        load_weights<Direction>(g, w, blockIdx.y * kTileColumns, start, tile);
        __syncthreads();
        multiply_add(tile, sums);
        __syncthreads();
    }
}

// Calls store(flat index, sum) for every value of this block's tile that exists.
template <class Direction, class Store>
__device__ __forceinline__ void store_sums(const ConvGeometry& g, const ConvSums& sums, const Store& store)
{
    const uint32_t columns = Direction::columns(g);
#pragma unroll
    for (uint32_t r = 0; r < kConvRowsPerThread; r++)
    {
        const uint64_t row = (uint64_t)blockIdx.x * kConvRows + tile_row(r);
#pragma unroll
        for (uint32_t c = 0; c < kColumnsPerThread; c++)
        {
            const uint32_t column = blockIdx.y * kTileColumns + tile_column(c);
            if (row < Direction::rows(g) && column < columns)
                store(row * columns + column, sums.value[r][c]);
        }
    }
}
