// What the kernels of a first convolution share, 3 x 3 over images of three channels: the pixels that a tile reads, in shared memory.
#pragma once
#include "conv_geometry.cuh"
#include "for_host.cuh"
#include "pixel_tile.cuh"

constexpr uint32_t kImageChannels = 3, kSide = 3, kRow = kSide * kImageChannels, kDepth = kSide * kRow; // numbers of a row of taps, of all
constexpr uint32_t kMostImageHalo = 680; // pixels
constexpr uint32_t kOutputs = 16;        // channels of y a block

FOR_HOST(most_image_halo, kMostImageHalo)
FOR_HOST(image_conv_outputs, kOutputs)

// The pixels of x [N,H,W,3] around a tile; 0 in the padding. Of `threads` threads this is number `thread`.
__device__ __forceinline__ void load_images(const ConvGeometry& g, const TilePixel& first, const uint32_t* list, uint32_t count,
    const float* x, uint32_t thread, uint32_t threads, float* shared)
{
    const uint32_t top = first.row * g.stride - g.padding, left = first.column * g.stride - g.padding;
    for (uint32_t at = thread; at < count; at += threads)
    {
        const TilePixel pixel = unpacked(list[at]);
        // Below zero wraps, and is then past the end.
        const uint32_t image = first.image + pixel.image, row = top + pixel.row, column = left + pixel.column;
        const bool inside = image < g.n && row < g.h && column < g.w;
        const float* source = x + (inside ? ((uint64_t)image * g.h + row) * g.w + column : 0) * kImageChannels;
#pragma unroll
        for (uint32_t c = 0; c < kImageChannels; c++)
            shared[at * kImageChannels + c] = inside ? source[c] : 0.0f;
    }
}
