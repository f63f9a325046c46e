// channel_scale: y[r,c] = scale[c] * x[r,c]; y may lie where x lies. channel_scale_input_grad: dx = scale * dy.
// channel_scale_grad: dscale[c] = sum over rows of dy * x, in double.
// x, y [R,C], scale [C].
#include "grad_mode.cuh"
#include "index.cuh"
#include "launch_order.cuh"
#include "row_sums.cuh"

constexpr uint32_t kBlock = kSumBlock;

// Blocks that a multiprocessor is to have room for: asked for nothing, ptxas aims at eight on 8.0, and spills.
constexpr uint32_t kGradBlocks = 5;

extern "C" __global__ void __launch_bounds__(kBlock) channel_scale(
    const float* x,                  // [R,C]
    const float* __restrict__ scale, // [C]
    float* y,                        // [R,C]
    uint32_t rows, uint32_t channels)
{
    start_in_turn();
    const uint64_t i = global_index();
    if (i < (uint64_t)rows * channels)
        y[i] = scale[(uint32_t)i % channels] * x[i];
}

extern "C" __global__ void __launch_bounds__(kBlock) channel_scale_input_grad(
    const float* __restrict__ dy,    // [R,C]
    const float* __restrict__ scale, // [C]
    float* __restrict__ dx,          // [R,C]
    uint32_t rows, uint32_t channels, uint32_t mode)
{
    start_in_turn();
    const uint64_t i = global_index();
    if (i < (uint64_t)rows * channels)
        put(&dx[i], scale[(uint32_t)i % channels] * dy[i], mode);
}

extern "C" __global__ void __launch_bounds__(kBlock, kGradBlocks) channel_scale_grad(
    const float* __restrict__ dy, // [R,C]
    const float* __restrict__ x,  // [R,C]
    double* partial,              // [slices,2,C]
    uint32_t* tickets,            // [channels / 16], 0 before and after
    float* __restrict__ dscale,   // [C]
    uint32_t rows, uint32_t channels, uint32_t slice_rows)
{
    start_in_turn();
    // The second sum of the pair is not used.
    const Pair sum = sum_rows(rows, channels, slice_rows, [&](uint64_t i, Pair& sums) { sums.first += (double)dy[i] * x[i]; });
    finish_rows(sum, channels, partial, tickets, [&](uint32_t c, const Pair& all) { dscale[c] = (float)all.first; });
}
