// binarize_weights: the layer's scale, scale = mean |w|; the signs themselves are packed by sign_pack.
// binarize_weights_backward: dw = scale * dw_hat * h(w) + sign(w) * sum(dw_hat * sign(w)) / count. The second term is the gradient that flows through the
// scale, which is not detached: see notes/binarize_weights.md.
// A layer has some ten thousand weights: one block adds them up in double, in one order.
#include "bits.cuh"
#include "block_sum.cuh"
#include "grad_mode.cuh"
#include "slope.cuh"

constexpr uint32_t kBlock = 1024; // the whole layer is one block's work

extern "C" __global__ void __launch_bounds__(kBlock) binarize_weights(
    const float* __restrict__ w, // [O,K,K,I]
    float* __restrict__ scale,   // [1]
    uint32_t count)
{
    double sum = 0.0;
    for (uint64_t i = threadIdx.x; i < count; i += kBlock)
        sum += fabsf(w[i]);
    sum = block_sum<kBlock>(sum);
    if (threadIdx.x == 0)
        *scale = (float)(sum / count);
}

extern "C" __global__ void __launch_bounds__(kBlock) binarize_weights_backward(
    const float* __restrict__ w,      // [O,K,K,I]
    const float* __restrict__ dw_hat, // [O,K,K,I]
    const float* __restrict__ scale,  // [1]
    const float* __restrict__ slope_parameters, // [4]
    float* __restrict__ dw,           // [O,K,K,I]
    uint32_t count, uint32_t slope_kind, uint32_t mode)
{
    double sum = 0.0;
    for (uint64_t i = threadIdx.x; i < count; i += kBlock)
        sum += is_negative(w[i]) ? -dw_hat[i] : dw_hat[i];
    const float share = (float)(block_sum<kBlock>(sum) / count), factor = *scale;
    const Slope slope = load_slope(slope_kind, slope_parameters);
    for (uint64_t i = threadIdx.x; i < count; i += kBlock)
    {
        const float through_scale = is_negative(w[i]) ? -share : share;
        put(&dw[i], factor * dw_hat[i] * slope_at(slope, w[i]) + through_scale, mode);
    }
}
