// What a pixel of a convolution's result reads, forward or transposed, in one form for real_conv_mma.cuh: a window of taps over the other
// image, whose rows and columns follow one another.
//
// Transposed with stride s, only each s-th tap reads a pixel, and which depends on the pixel's row and column modulo s. So pixels are taken
// by these remainders, a phase for each blockIdx.z: within a phase it is a convolution of stride 1 with its taps in reverse.
#pragma once
#include "conv_geometry.cuh"

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
    const uint32_t pixels = result > phase ? (result - phase + g.stride - 1) / g.stride : 1; // 1: see below
    return {pixels, g.stride, phase, result, 1, reach + 1 - taps, size, taps, first + g.stride * (taps - 1), 0u - g.stride};
}

struct RealConv
{
    RealAxis down, across;
    uint32_t images, channels, columns, k; // channels read, and of the result

    __device__ __forceinline__ uint32_t rows() const { return images * down.pixels * across.pixels; }
    __device__ __forceinline__ uint32_t rounds(uint32_t depth) const { return (down.taps * across.taps * channels + depth - 1) / depth; }
};

__device__ __forceinline__ RealConv forward_conv(const ConvGeometry& g)
{
    return {forward_axis(g, g.h, g.oh), forward_axis(g, g.w, g.ow), g.n, g.i, g.o, g.k};
}

__device__ __forceinline__ RealConv transposed_conv(const ConvGeometry& g)
{
    const uint32_t down = blockIdx.z / g.stride, across = blockIdx.z % g.stride;
    // A phase past the end of a small image has no pixels of any image.
    const uint32_t images = down < g.h && across < g.w ? g.n : 0;
    return {transposed_axis(g, down, g.oh, g.h), transposed_axis(g, across, g.ow, g.w), images, g.o, g.i, g.k};
}

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
