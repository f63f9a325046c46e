// add: y = a + b; y may lie where a or b lies. accumulate: dx = dy, or dx += dy.
#include "grad_mode.cuh"
#include "index.cuh"
#include "launch_order.cuh"

constexpr uint32_t kBlock = 256;

extern "C" __global__ void __launch_bounds__(kBlock) add(
    const float* a, // [count]
    const float* b, // [count]
    float* y,       // [count]
    uint32_t count)
{
    start_in_turn();
    const uint64_t i = global_index();
    if (i < count)
        y[i] = a[i] + b[i];
}

extern "C" __global__ void __launch_bounds__(kBlock) accumulate(
    const float* __restrict__ dy, // [count]
    float* __restrict__ dx,       // [count]
    uint32_t count, uint32_t mode)
{
    start_in_turn();
    const uint64_t i = global_index();
    if (i < count)
        put(&dx[i], dy[i], mode);
}
