// sgd_step: one step of SGD on all parameters at once.
#include "index.cuh"
#include "launch_order.cuh"
#include "sgd_step.cuh"

constexpr uint32_t kBlock = 256;

extern "C" __global__ void __launch_bounds__(kBlock) sgd_step(
    const float* __restrict__ dw,    // [count]
    const float* __restrict__ knobs, // [3]: rate, mu, decay
    float* __restrict__ w,           // [count]
    float* __restrict__ momentum,    // [count]
    uint32_t count)
{
    start_in_turn();
    const uint64_t i = global_index();
    if (i < count)
        sgd_update(dw[i], knobs, &w[i], &momentum[i]);
}
