// binary_conv: y = scale * n with n = sum over valid taps of sign(x) sign(w) = K_valid - 2 popcount(x xor w), an exact integer; taps in the
// zero padding are not counted (Rastegari et al., arXiv 1603.05279).
// binary_conv_input_grad: dx = h(x) * scale * (dy convolved with sign(w), transposed), h the estimator's slope.
// binary_conv_weight_grad: the first pass of dw_hat[o,tap,i] = sum over pixels of dy * sign(x) at the tap, slice by slice; slice_sum is the
// second. Derivation in notes/binary_conv.md.
#include "bits.cuh"
#include "conv_tile.cuh"
#include "grad_mode.cuh"
#include "index.cuh"
#include "launch_order.cuh"
#include "signed_count.cuh"
#include "slopes.cuh"
#include "weight_grad.cuh"

constexpr uint32_t kBlock = 256;                // forward: a thread an output value, neighbours share their input words
constexpr uint32_t kGradBlock = kTileThreads;

// Blocks that a multiprocessor is to have room for, on 8.6 as many as it takes: asked for nothing, ptxas aims at more on 8.0, and spills.
constexpr uint32_t kWeightGradBlocks = 16;

extern "C" __global__ void __launch_bounds__(kBlock) binary_conv(
    const uint32_t* __restrict__ x_bits, // [N,H,W,words(I)]
    const uint32_t* __restrict__ w_bits, // [O,K,K,words(I)]
    const float* __restrict__ scale,     // [1], or null for 1
    float* __restrict__ y,               // [N,OH,OW,O]
    ConvGeometry g)
{
    start_in_turn();
    const uint64_t at = global_index();
    if (at >= (uint64_t)g.n * g.oh * g.ow * g.o)
        return;
    const uint32_t pixel = (uint32_t)at / g.o, channel = (uint32_t)at % g.o;
    const uint32_t* filter = w_bits + (uint64_t)channel * g.k * g.k * words_of(g.i);
    y[at] = (scale == nullptr ? 1.0f : *scale) * (float)signed_count(g, x_bits, filter, input_window(g, pixel));
}

extern "C" __global__ void __launch_bounds__(kGradBlock) binary_conv_input_grad(
    const float* __restrict__ dy,        // [N,OH,OW,O]
    const uint32_t* __restrict__ w_bits, // [O,K,K,words(I)]
    const float* __restrict__ scale,     // [1], or null for 1
    const float* __restrict__ x,         // [N,H,W,I]
    const float* __restrict__ slope_parameters, // [4]
    float* __restrict__ dx,              // [N,H,W,I]
    ConvGeometry g, uint32_t slope_kind, uint32_t mode)
{
    start_in_turn();
    ConvSums sums;
    convolve<Transposed>(g, dy, SignWeights{w_bits}, sums);
    const float factor = scale == nullptr ? 1.0f : *scale;
    with_slope(slope_kind, slope_parameters, [&](const auto& slope)
    {
        store_sums<Transposed>(g, sums, [&](uint64_t i, float sum) { put(&dx[i], slope(x[i]) * factor * sum, mode); });
    });
}

extern "C" __global__ void __launch_bounds__(kGradBlock, kWeightGradBlocks) binary_conv_weight_grad(
    const float* __restrict__ dy,        // [N,OH,OW,O]
    const uint32_t* __restrict__ x_bits, // [N,H,W,words(I)]
    float* __restrict__ partial,         // [slices,O,K,K,I]
    ConvGeometry g, uint32_t slice_pixels)
{
    start_in_turn();
    add_up_slice(g, StoredGradient{dy}, SignInput{x_bits}, slice_pixels, partial);
}
