// silent_weights: OvSW's care for weights that never change their sign (Xiang et al., ECCV 2024, published code), after the backward pass.
// With G and W the norms of a filter's gradient, at least 1e-6, and of its weights, at least 1e-3: where G / W < delta, dw *= delta W / G.
// Then tracker = m tracker + (1 - m) flip, flip 1 where sign(w) is not sign(previous) and previous is not 0, which means not yet known;
// dw += decay w where the tracker is below the threshold; previous = w.
// A block a filter; the norms in double, in one order. knobs [5]: delta, decay, m, 1 - m, threshold.
#include "bits.cuh"
#include "block_sum.cuh"
#include "launch_order.cuh"
#include <math.h>

constexpr uint32_t kBlock = 256;
constexpr double kLeastGradientNorm = 1e-6, kLeastWeightNorm = 1e-3;

extern "C" __global__ void __launch_bounds__(kBlock) silent_weights(
    const float* __restrict__ w,     // [filters,size]
    float* __restrict__ dw,          // [filters,size]
    float* __restrict__ tracker,     // [filters,size]
    float* __restrict__ previous,    // [filters,size]
    const float* __restrict__ knobs, // [5]
    uint32_t size)
{
    start_in_turn();
    const uint64_t first = (uint64_t)blockIdx.x * size, end = first + size;
    double gradients = 0.0, weights = 0.0;
    for (uint64_t i = first + threadIdx.x; i < end; i += kBlock)
    {
        gradients += (double)dw[i] * dw[i];
        weights += (double)w[i] * w[i];
    }

    const double gradient_norm = fmax(sqrt(block_sum<kBlock>(gradients)), kLeastGradientNorm);
    const double weight_norm = fmax(sqrt(block_sum<kBlock>(weights)), kLeastWeightNorm);
    const double delta = knobs[0];
    const float factor = gradient_norm / weight_norm < delta ? (float)(delta * weight_norm / gradient_norm) : 1.0f;
    for (uint64_t i = first + threadIdx.x; i < end; i += kBlock)
    {
        const float now = w[i], before = previous[i];
        const bool flips = before != 0.0f && is_negative(now) != is_negative(before);
        const float track = knobs[2] * tracker[i] + (flips ? knobs[3] : 0.0f);
        dw[i] = factor * dw[i] + (track < knobs[4] ? knobs[1] * now : 0.0f);
        tracker[i] = track;
        previous[i] = now;
    }
}
