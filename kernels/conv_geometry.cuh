// Sizes of a square convolution with zero padding, x [N,H,W,I], w [O,K,K,I], y [N,OH,OW,O], and where its taps read.
#pragma once
#include <stdint.h>

struct ConvGeometry
{
    uint32_t n, h, w, i, o, k, stride, padding, oh, ow;
};

// Where the window of taps around one pixel lies in the other image: index of that image's first pixel, and row and column of tap (0, 0).
// Unsigned: what lies before the first row or column wraps, and is then past the last, for images are far smaller than 2^32. Batches have
// fewer than 2^32 pixels.
struct Window
{
    uint32_t image, row, column;
};

// What the pixel of y with this index reads of x.
__device__ __forceinline__ Window input_window(const ConvGeometry& g, uint32_t pixel)
{
    const uint32_t line = pixel / g.ow, column = pixel % g.ow;
    return {line / g.oh * g.h * g.w, line % g.oh * g.stride - g.padding, column * g.stride - g.padding};
}

// The index of the pixel of x at tap (a, b); false where the tap lies in the padding.
__device__ __forceinline__ bool input_pixel(const ConvGeometry& g, const Window& window, uint32_t a, uint32_t b, uint32_t& index)
{
    const uint32_t row = window.row + a, column = window.column + b;
    index = window.image + row * g.w + column;
    return row < g.h && column < g.w;
}

// What the pixel of x with this index contributes to in y: taps count downwards from here.
__device__ __forceinline__ Window output_window(const ConvGeometry& g, uint32_t pixel)
{
    const uint32_t line = pixel / g.w, column = pixel % g.w;
    return {line / g.h * g.oh * g.ow, line % g.h + g.padding, column + g.padding};
}

// The index of the pixel of y that reads it through tap (a, b); false where there is none.
__device__ __forceinline__ bool output_pixel(const ConvGeometry& g, const Window& window, uint32_t a, uint32_t b, uint32_t& index)
{
    const uint32_t down = window.row - a, right = window.column - b;
    const bool whole = g.stride == 1; // most layers need no division
    const uint32_t row = whole ? down : down / g.stride, column = whole ? right : right / g.stride;
    index = window.image + row * g.ow + column;
    return row * g.stride == down && column * g.stride == right && row < g.oh && column < g.ow;
}
