// The weight gradient of image_conv: a block adds up its tiles of 128 pixels, partial[block][o][tap,i]; slice_sum adds up the blocks.
// image_conv_weight_grad_of_norm: the same, where y goes into a batch norm and the gradient of y is found on the way.
// dy [N,OH,OW,O], O a multiple of 16, x [N,H,W,3].
//
// A thread has four channels of dy, a row of taps and every tenth pixel: 36 sums, for which it reads 13 numbers a pixel. Twelve threads
// have all channels and rows of a pixel; eight of a block's threads only load.
#include "image_tile.cuh"
#include "launch_order.cuh"
#include "norm_gradient.cuh"
#include "unit_gradient.cuh"

constexpr uint32_t kBlock = 128;
constexpr uint32_t kChannelQuads = kOutputs / kQuad, kShares = kChannelQuads * kSide, kGroups = kBlock / kShares;

struct ImageGradShared
{
    union
    {
        struct
        {
            alignas(16) float dy[kTilePixels][kOutputs];
            float x[kMostImageHalo * kImageChannels];
        };
        float sums[kGroups][kOutputs][kDepth];
    };
    uint32_t halo[kMostImageHalo];
    uint16_t corner[kTilePixels]; // of a pixel's taps, in x
};

template <class Gradient>
__device__ __forceinline__ void load_gradient(const ConvGeometry& g, const PixelTile& tile, const TilePixel& first,
    const Gradient& gradient, const typename Gradient::Channel (&channels)[kQuad], ImageGradShared& shared)
{
    constexpr uint32_t kPixels = kTilePixels / (kBlock / kChannelQuads);
    const uint32_t quad = threadIdx.x % kChannelQuads, own = threadIdx.x / kChannelQuads;
    typename Gradient::Raw raw[kPixels];
    bool exists[kPixels];
#pragma unroll
    for (uint32_t p = 0; p < kPixels; p++)
    {
        const TilePixel pixel = pixel_of_tile(tile, own + p * (kBlock / kChannelQuads));
        const uint32_t image = first.image + pixel.image, row = first.row + pixel.row, column = first.column + pixel.column;
        exists[p] = image < g.n && row < g.oh && column < g.ow;
        // Read in any case, from the first pixel where there is none, so that all reads are on their way at once.
        const uint32_t index = exists[p] ? ((image * g.oh + row) * g.ow + column) * g.o : 0u;
        raw[p] = gradient.raw_at(index + blockIdx.y * kOutputs + quad * kQuad);
    }
#pragma unroll
    for (uint32_t p = 0; p < kPixels; p++)
    {
        const Quad v = gradient.quad_of(raw[p], channels);
        write_quad(&shared.dy[own + p * (kBlock / kChannelQuads)][quad * kQuad], exists[p] ? v : Quad{});
    }
}

// Sums of the groups, in their order.
__device__ __forceinline__ void store(const ConvGeometry& g, const float (&sums)[kQuad][kRow], ImageGradShared& shared, float* partial)
{
    const uint32_t group = threadIdx.x / kShares, share = threadIdx.x % kShares, quad = share % kChannelQuads, a = share / kChannelQuads;
    __syncthreads();
    if (group < kGroups)
#pragma unroll
        for (uint32_t o = 0; o < kQuad; o++)
#pragma unroll
            for (uint32_t k = 0; k < kRow; k++)
                shared.sums[group][quad * kQuad + o][a * kRow + k] = sums[o][k];
    __syncthreads();
    for (uint32_t at = threadIdx.x; at < kOutputs * kDepth; at += kBlock)
    {
        float sum = 0.0f;
        for (uint32_t other = 0; other < kGroups; other++)
            sum += (&shared.sums[other][0][0])[at];
        partial[((uint64_t)blockIdx.x * g.o + blockIdx.y * kOutputs) * kDepth + at] = sum;
    }
}

template <class Gradient>
__device__ __forceinline__ void add_up_tiles(const ConvGeometry& g, const PixelTile& tile, uint32_t tiles, const Gradient& gradient,
    const float* x, float* partial)
{
    __shared__ ImageGradShared shared;
    const uint32_t group = threadIdx.x / kShares, share = threadIdx.x % kShares, quad = share % kChannelQuads, a = share / kChannelQuads;
    const uint32_t channel = blockIdx.y * kOutputs + threadIdx.x % kChannelQuads * kQuad; // of what it loads
    const typename Gradient::Channel channels[kQuad] = {
        gradient.channel(channel), gradient.channel(channel + 1), gradient.channel(channel + 2), gradient.channel(channel + 3)};
    const Halo halo = window_halo(tile, kSide, g.stride);
    const uint32_t count = halo.count(tile), pitch = halo.columns * kImageChannels;
    list_pixels<kBlock>(halo, count, shared.halo);
    const TilePixel own = pixel_of_tile(tile, threadIdx.x);
    shared.corner[threadIdx.x] = (uint16_t)(halo.index(own.image, own.row * g.stride, own.column * g.stride) * kImageChannels);
    float sums[kQuad][kRow] = {};
    for (uint32_t number = blockIdx.x; number < tiles; number += gridDim.x)
    {
        const TilePixel first = first_of_tile(tile, number);
        __syncthreads();
        load_gradient(g, tile, first, gradient, channels, shared);
        load_images(g, first, shared.halo, count, x, threadIdx.x, kBlock, shared.x);
        __syncthreads();
        if (group >= kGroups)
            continue;
        for (uint32_t pixel = group; pixel < kTilePixels; pixel += kGroups)
        {
            const Quad dy = read_quad(&shared.dy[pixel][quad * kQuad]);
            const float* row = shared.x + shared.corner[pixel] + a * pitch;
#pragma unroll
            for (uint32_t k = 0; k < kRow; k++)
#pragma unroll
                for (uint32_t o = 0; o < kQuad; o++)
                    sums[o][k] += dy.value[o] * row[k];
        }
    }

    store(g, sums, shared, partial);
}

static_assert(kBlock == kTilePixels, "a thread lists a pixel's corner");

extern "C" __global__ void __launch_bounds__(kBlock, 4) image_conv_weight_grad(
    const float* __restrict__ dy, // [N,OH,OW,O]
    const float* __restrict__ x,  // [N,H,W,3]
    float* __restrict__ partial,  // [blocks,O,3,3,3]
    ConvGeometry g, PixelTile tile, uint32_t tiles)
{
    start_in_turn();
    add_up_tiles(g, tile, tiles, StoredGradient{dy}, x, partial);
}

extern "C" __global__ void __launch_bounds__(kBlock, 4) image_conv_weight_grad_of_norm(
    const float* __restrict__ dy,      // [N,OH,OW,O]: gradient of the batch norm's result
    const float* __restrict__ y,       // [N,OH,OW,O]: what it took
    const float* __restrict__ gamma,   // [O] or null
    const float* __restrict__ mean,    // [O]
    const float* __restrict__ inv_std, // [O]
    const float* __restrict__ dgamma,  // [O]
    const float* __restrict__ dbeta,   // [O]
    const float* __restrict__ x,       // [N,H,W,3]
    float* __restrict__ partial,       // [blocks,O,3,3,3]
    ConvGeometry g, PixelTile tile, uint32_t tiles, uint32_t rectify)
{
    start_in_turn();
    const NormGradient gradient = {dy, y, gamma, mean, inv_std, dgamma, dbeta, 1.0f / (float)(g.n * g.oh * g.ow), rectify};
    add_up_tiles(g, tile, tiles, gradient, x, partial);
}
