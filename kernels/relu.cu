// relu: y = max(x, 0), NaN stays NaN. relu_backward: dx = dy where y > 0, else 0: zero blocks the gradient.
#include "grad_mode.cuh"
#include "index.cuh"
#include "launch_order.cuh"

constexpr uint32_t kBlock = 256;

extern "C" __global__ void __launch_bounds__(kBlock) relu(
    const float* __restrict__ x, // [count]
    float* __restrict__ y,       // [count]
    uint32_t count)
{
    start_in_turn();
    const uint64_t i = global_index();
    if (i < count)
        y[i] = x[i] <= 0.0f ? 0.0f : x[i];
}

extern "C" __global__ void __launch_bounds__(kBlock) relu_backward(
    const float* __restrict__ dy, // [count]
    const float* __restrict__ y,  // [count]
    float* __restrict__ dx,       // [count]
    uint32_t count, uint32_t mode)
{
    start_in_turn();
    const uint64_t i = global_index();
    if (i < count)
        put(&dx[i], y[i] > 0.0f ? dy[i] : 0.0f, mode);
}
