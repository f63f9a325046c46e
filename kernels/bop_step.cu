// bop_step: one step of Bop (Helwegen et al., NeurIPS 2019, arXiv 1906.02107) on binary weights, whose sign alone counts, +1 at 0:
// mean = (1 - gamma) mean + gamma dw; w = -sign(w) where sign(w) mean > threshold, else sign(w).
#include "index.cuh"
#include "launch_order.cuh"

constexpr uint32_t kBlock = 256;
constexpr uint32_t kKept = 0, kGamma = 1, kThreshold = 2;

extern "C" __global__ void __launch_bounds__(kBlock) bop_step(
    const float* __restrict__ dw,    // [count]
    const float* __restrict__ knobs, // [3]: 1 - gamma, gamma, threshold
    float* __restrict__ w,           // [count]
    float* __restrict__ mean,        // [count]
    uint32_t count)
{
    start_in_turn();
    const uint64_t i = global_index();
    if (i >= count)
        return;
    const float m = knobs[kKept] * mean[i] + knobs[kGamma] * dw[i];
    mean[i] = m;
    const float sign = w[i] < 0.0f ? -1.0f : 1.0f;
    w[i] = sign * m > knobs[kThreshold] ? -sign : sign;
}
