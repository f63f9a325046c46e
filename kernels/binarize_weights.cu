// binarize_weights: the scale, mean |w|, of each group of weights, which is a layer or a filter; the signs are packed by sign_pack.
// binarize_weights_backward: dw = scale * dw_hat * h(w) + sign(w) * sum(dw_hat * sign(w)) / count over the group. The second term is the
// gradient that flows through a scale that is attached: see notes/binarize_weights.md. Without a scale, dw = dw_hat * h(w).
// Where the signs that multiplied were drawn, they stand in the sum in place of sign(w).
// power_of_two: scale = 2^round(log2(scale)), what is 0 stays: IR-Net's scale by a shift.
// A block a group: it adds up its weights, some ten thousand in a layer, in double, in one order.
#include "bits.cuh"
#include "block_sum.cuh"
#include "grad_mode.cuh"
#include "index.cuh"
#include "slopes.cuh"
#include <math.h>

constexpr uint32_t kBlock = 1024; // a whole layer may be one block's work

extern "C" __global__ void __launch_bounds__(kBlock) binarize_weights(
    const float* __restrict__ w, // [groups,count]
    float* __restrict__ scale,   // [groups]
    uint32_t count)
{
    const float* group = w + (uint64_t)blockIdx.x * count;
    double sum = 0.0;
    for (uint64_t i = threadIdx.x; i < count; i += kBlock)
        sum += fabsf(group[i]);
    sum = block_sum<kBlock>(sum);
    if (threadIdx.x == 0)
        scale[blockIdx.x] = (float)(sum / count);
}

// Whether the drawn sign of an element is -1; a tensor has fewer elements than 2^32.
__device__ __forceinline__ bool drawn_negative(const uint32_t* drawn, uint32_t element, uint32_t channels)
{
    const uint32_t row = element / channels;
    return sign_at(drawn + (uint64_t)row * words_of(channels), element - row * channels) < 0.0f;
}

// One block a multiprocessor is enough, and leaves each thread twice the registers that two would.
extern "C" __global__ void __launch_bounds__(kBlock, 1) binarize_weights_backward(
    const float* __restrict__ w,      // [groups,count]
    const float* __restrict__ dw_hat, // [groups,count]
    const float* __restrict__ scale,  // [groups], or null for 1
    const float* __restrict__ slope_parameters, // [4]
    const uint32_t* __restrict__ drawn, // [rows,words(channels)], or null
    float* __restrict__ dw,           // [groups,count]
    uint32_t count, uint32_t channels, uint32_t attached, uint32_t slope_kind, uint32_t mode)
{
    const uint64_t first = (uint64_t)blockIdx.x * count, end = first + count;
    float share = 0.0f;
    if (attached != 0) // the same for every thread of the block
    {
        double sum = 0.0;
        for (uint64_t i = first + threadIdx.x; i < end; i += kBlock)
        {
            const bool negative = drawn == nullptr ? is_negative(w[i]) : drawn_negative(drawn, (uint32_t)i, channels);
            sum += negative ? -dw_hat[i] : dw_hat[i];
        }
        share = (float)(block_sum<kBlock>(sum) / count);
    }

    const float factor = scale == nullptr ? 1.0f : scale[blockIdx.x];
    with_slope(slope_kind, slope_parameters, [&](const auto& slope)
    {
        for (uint64_t i = first + threadIdx.x; i < end; i += kBlock)
        {
            const float through_scale = is_negative(w[i]) ? -share : share;
            put(&dw[i], factor * dw_hat[i] * slope(w[i]) + through_scale, mode);
        }
    });
}

extern "C" __global__ void __launch_bounds__(kBlock) power_of_two(
    float* __restrict__ scale, // [count]
    uint32_t count)
{
    const uint64_t i = global_index();
    if (i >= count || scale[i] <= 0.0f)
        return;
    int exponent;
    // The fraction in [1/2, 1) decides: from the root of 1/2 on, the upper power is nearer.
    const double fraction = frexpf(scale[i], &exponent);
    scale[i] = ldexpf(1.0f, fraction > 0.70710678118654752 ? exponent : exponent - 1);
}
