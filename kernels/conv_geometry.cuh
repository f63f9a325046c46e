// Sizes of a square convolution with zero padding, x [N,H,W,I], w [O,K,K,I], y [N,OH,OW,O], and where its taps read.
#pragma once
#include <stdint.h>

struct ConvGeometry
{
    uint32_t n, h, w, i, o, k, stride, padding, oh, ow;
};

// A pixel of a batch of images.
struct Pixel
{
    uint32_t image, row, column;
};

__device__ __forceinline__ Pixel pixel_at(uint32_t index, uint32_t height, uint32_t width)
{
    const uint32_t line = index / width;
    return {line / height, line % height, index % width};
}

// The flat index of the pixel of x that tap (a, b) of an output pixel reads; false where it lies in the padding.
__device__ __forceinline__ bool input_pixel(const ConvGeometry& g, const Pixel& y, uint32_t a, uint32_t b, uint64_t& index)
{
    const uint32_t row = y.row * g.stride + a - g.padding, column = y.column * g.stride + b - g.padding; // in the padding they wrap or exceed
    index = ((uint64_t)y.image * g.h + row) * g.w + column;
    return row < g.h && column < g.w;
}

// The flat index of the pixel of y to which an input pixel contributes through tap (a, b); false where there is none.
__device__ __forceinline__ bool output_pixel(const ConvGeometry& g, const Pixel& x, uint32_t a, uint32_t b, uint64_t& index)
{
    const uint32_t down = x.row + g.padding - a, right = x.column + g.padding - b; // negative ones wrap, and are then too large
    const uint32_t row = g.stride == 1 ? down : down / g.stride, column = g.stride == 1 ? right : right / g.stride; // most layers need no division
    index = ((uint64_t)x.image * g.oh + row) * g.ow + column;
    return row * g.stride == down && column * g.stride == right && row < g.oh && column < g.ow;
}
