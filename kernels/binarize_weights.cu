// binarize_weights: the scale, mean |w|, of each group of weights, which is a layer or a filter; the signs are packed by sign_pack.
// binarize_weights_backward: dw = scale * dw_hat * h(w) + sign(w) * share, share = sum(dw_hat * sign(w)) / count over the group, which
// scale_share finds: the gradient that flows through a scale that is attached, see notes/binarize_weights.md. Without a scale,
// dw = dw_hat * h(w).
// Where the signs that multiplied were drawn, they stand in the sum in place of sign(w).
// power_of_two: scale = 2^round(log2(scale)), what is 0 stays: IR-Net's scale by a shift.
// Sums are in double and in a fixed order: of a filter in one block; of a layer, which may have millions of weights, in slices, whose sums
// the last block adds up.
#include "bits.cuh"
#include "block_mean.cuh"
#include "grad_mode.cuh"
#include "index.cuh"
#include "launch_order.cuh"
#include "slopes.cuh"
#include <math.h>

constexpr uint32_t kBlock = 256;

// The mean over a group of term(index among all weights), in every group that this grid has: blocks along x share a group, along y lies the
// group. More blocks than one only for a single group.
template <class Term>
__device__ __forceinline__ void group_mean(uint32_t count, double* partial, uint32_t* ticket, float* means, const Term& term)
{
    const uint64_t first = (uint64_t)blockIdx.y * count;
    double sum = 0.0;
#pragma unroll 4
    for (uint64_t i = (uint64_t)blockIdx.x * kBlock + threadIdx.x; i < count; i += (uint64_t)gridDim.x * kBlock)
        sum += term(first + i);
    block_mean<kBlock>(sum, blockIdx.x, gridDim.x, count, partial, ticket, means + blockIdx.y);
}

extern "C" __global__ void __launch_bounds__(kBlock) binarize_weights(
    const float* __restrict__ w, // [groups,count]
    double* partial,             // [blocks along x]
    uint32_t* ticket,            // [1], 0 before and after
    float* __restrict__ scale,   // [groups]
    uint32_t count)
{
    start_in_turn();
    group_mean(count, partial, ticket, scale, [&](uint64_t i) { return (double)fabsf(w[i]); });
}

// Whether the drawn sign of an element is -1; a tensor has fewer elements than 2^32.
__device__ __forceinline__ bool drawn_negative(const uint32_t* drawn, uint32_t element, uint32_t channels)
{
    const uint32_t row = element / channels;
    return sign_at(drawn + (uint64_t)row * words_of(channels), element - row * channels) < 0.0f;
}

extern "C" __global__ void __launch_bounds__(kBlock) scale_share(
    const float* __restrict__ w,        // [groups,count]
    const float* __restrict__ dw_hat,   // [groups,count]
    const uint32_t* __restrict__ drawn, // [rows,words(channels)], or null
    double* partial,                    // [blocks along x]
    uint32_t* ticket,                   // [1], 0 before and after
    float* __restrict__ share,          // [groups]
    uint32_t count, uint32_t channels)
{
    start_in_turn();
    group_mean(count, partial, ticket, share, [&](uint64_t i)
    {
        const bool negative = drawn == nullptr ? is_negative(w[i]) : drawn_negative(drawn, (uint32_t)i, channels);
        return (double)(negative ? -dw_hat[i] : dw_hat[i]);
    });
}

extern "C" __global__ void __launch_bounds__(kBlock) binarize_weights_backward(
    const float* __restrict__ w,      // [groups,count]
    const float* __restrict__ dw_hat, // [groups,count]
    const float* __restrict__ scale,  // [groups], or null for 1
    const float* __restrict__ share,  // [groups], or null for 0
    const float* __restrict__ slope_parameters, // [4]
    float* __restrict__ dw,           // [groups,count]
    uint32_t groups, uint32_t count, uint32_t slope_kind, uint32_t mode)
{
    start_in_turn();
    const uint64_t at = global_index();
    if (at >= (uint64_t)groups * count)
        return;
    const uint32_t i = (uint32_t)at, group = i / count;
    const float factor = scale == nullptr ? 1.0f : scale[group], part = share == nullptr ? 0.0f : share[group];
    with_slope(slope_kind, slope_parameters, [&](const auto& slope)
    {
        put(&dw[i], factor * dw_hat[i] * slope(w[i]) + (is_negative(w[i]) ? -part : part), mode);
    });
}

extern "C" __global__ void __launch_bounds__(kBlock) power_of_two(
    float* __restrict__ scale, // [count]
    uint32_t count)
{
    start_in_turn();
    const uint64_t i = global_index();
    if (i >= count || scale[i] <= 0.0f)
        return;
    int exponent;
    // The fraction in [1/2, 1) decides: from the root of 1/2 on, the upper power is nearer.
    const double fraction = frexpf(scale[i], &exponent);
    scale[i] = ldexpf(1.0f, fraction > 0.70710678118654752 ? exponent : exponent - 1);
}
