// The weight gradient of a convolution, in two passes. conv_weight_grad and binary_conv_weight_grad: each block adds up a slice of the output pixels,
// partial[slice][o][tap,i] = sum over its pixels of dy[pixel][o] * x[pixel at the tap][i], with x real, or +-1 and 0 in the padding.
// weight_grad_sum: dw = sum of the slices in their order. No atomics: the same bits every time. Derivation in notes/conv.md.
// As a product: row = (tap, i), column = o, depth = pixel.
#include "bits.cuh"
#include "conv_geometry.cuh"
#include "grad_mode.cuh"
#include "index.cuh"
#include "tile.cuh"

constexpr uint32_t kBlock = kTileThreads;
constexpr uint32_t kSumBlock = 256;
constexpr uint32_t kRowsPerThread = 2; // 64 rows: the narrowest layers have 144
constexpr uint32_t kRows = Tile<kRowsPerThread>::kRows;

struct RealInput
{
    const float* x; // [N,H,W,I]

    __device__ __forceinline__ float at(const ConvGeometry& g, uint32_t pixel, uint32_t i) const { return x[(uint64_t)pixel * g.i + i]; }
};

struct SignInput
{
    const uint32_t* bits; // [N,H,W,words(I)]

    __device__ __forceinline__ float at(const ConvGeometry& g, uint32_t pixel, uint32_t i) const { return sign_at(bits + (uint64_t)pixel * words_of(g.i), i); }
};

// One round: what kTileDepth output pixels read through the taps of the block's rows. A thread keeps its row, so it finds its tap only once a round.
template <class Input>
__device__ __forceinline__ void load_input(const ConvGeometry& g, const Input& x, const Window* windows, uint32_t valid, Tile<kRowsPerThread>& tile)
{
    const uint32_t row = blockIdx.x * kRows + threadIdx.x, tap = row / g.i, i = row % g.i, a = tap / g.k, b = tap % g.k;
    const bool exists = a < g.k;
    for (uint32_t depth = 0; depth < kTileDepth; depth++)
    {
        uint32_t index;
        const bool inside = exists && depth < valid && input_pixel(g, windows[depth], a, b, index);
        tile.a[depth][threadIdx.x] = inside ? x.at(g, index, i) : 0.0f;
    }
}

__device__ __forceinline__ void load_gradient(const ConvGeometry& g, const float* dy, uint32_t start, uint32_t valid, Tile<kRowsPerThread>& tile)
{
    const uint32_t column = threadIdx.x % kTileColumns, o = blockIdx.y * kTileColumns + column;
    for (uint32_t depth = threadIdx.x / kTileColumns; depth < kTileDepth; depth += kTileThreads / kTileColumns)
        tile.b[depth][column] = o < g.o && depth < valid ? dy[(uint64_t)(start + depth) * g.o + o] : 0.0f;
}

__device__ __forceinline__ void store_partial(const ConvGeometry& g, const Sums<kRowsPerThread>& sums, float* partial)
{
    const uint32_t filter = g.k * g.k * g.i;
#pragma unroll
    for (uint32_t r = 0; r < kRowsPerThread; r++)
    {
        const uint32_t row = blockIdx.x * kRows + tile_row(r);
#pragma unroll
        for (uint32_t c = 0; c < kColumnsPerThread; c++)
        {
            const uint32_t o = blockIdx.y * kTileColumns + tile_column(c);
            if (row < filter && o < g.o)
                partial[((uint64_t)blockIdx.z * g.o + o) * filter + row] = sums.value[r][c];
        }
    }
}

template <class Input>
__device__ __forceinline__ void add_up_slice(const ConvGeometry& g, const float* dy, const Input& x, uint32_t slice_pixels, float* partial)
{
    __shared__ Tile<kRowsPerThread> tile;
    __shared__ Window windows[kTileDepth];
    const uint32_t count = g.n * g.oh * g.ow, first = blockIdx.z * slice_pixels;
    const uint32_t end = count - first < slice_pixels ? count : first + slice_pixels;
    Sums<kRowsPerThread> sums;
    clear(sums);
    for (uint32_t start = first; start < end; start += kTileDepth)
    {
        const uint32_t valid = end - start < kTileDepth ? end - start : kTileDepth;
        if (threadIdx.x < valid)
            windows[threadIdx.x] = input_window(g, start + threadIdx.x);
        load_gradient(g, dy, start, valid, tile);
        __syncthreads();
        load_input(g, x, windows, valid, tile);
        __syncthreads();
        multiply_add(tile, sums);
        __syncthreads();
    }

    store_partial(g, sums, partial);
}

extern "C" __global__ void __launch_bounds__(kBlock) conv_weight_grad(
    const float* __restrict__ dy, // [N,OH,OW,O]
    const float* __restrict__ x,  // [N,H,W,I]
    float* __restrict__ partial,  // [slices,O,K,K,I]
    ConvGeometry g, uint32_t slice_pixels)
{
    add_up_slice(g, dy, RealInput{x}, slice_pixels, partial);
}

extern "C" __global__ void __launch_bounds__(kBlock) binary_conv_weight_grad(
    const float* __restrict__ dy,        // [N,OH,OW,O]
    const uint32_t* __restrict__ x_bits, // [N,H,W,words(I)]
    float* __restrict__ partial,         // [slices,O,K,K,I]
    ConvGeometry g, uint32_t slice_pixels)
{
    add_up_slice(g, dy, SignInput{x_bits}, slice_pixels, partial);
}

extern "C" __global__ void __launch_bounds__(kSumBlock) weight_grad_sum(
    const float* __restrict__ partial, // [slices,count]
    float* __restrict__ dw,            // [count]
    uint32_t slices, uint32_t count, uint32_t mode)
{
    const uint64_t i = global_index();
    if (i >= count)
        return;
    float sum = 0.0f;
    for (uint32_t slice = 0; slice < slices; slice++)
        sum += partial[(uint64_t)slice * count + i];
    put(&dw[i], sum, mode);
}
