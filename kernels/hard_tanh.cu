// hard_tanh: y = min(max(x, -1), 1), NaN stays NaN.
// hard_tanh_backward: dx = dy where -1 < x < 1, else 0: as in PyTorch, both ends block the gradient. NaN blocks it too, unlike there.
#include "grad_mode.cuh"
#include "index.cuh"
#include "launch_order.cuh"

constexpr uint32_t kBlock = 256;

extern "C" __global__ void __launch_bounds__(kBlock) hard_tanh(
    const float* __restrict__ x, // [count]
    float* __restrict__ y,       // [count]
    uint32_t count)
{
    start_in_turn();
    const uint64_t i = global_index();
    if (i < count)
        y[i] = x[i] < -1.0f ? -1.0f : x[i] > 1.0f ? 1.0f : x[i];
}

extern "C" __global__ void __launch_bounds__(kBlock) hard_tanh_backward(
    const float* __restrict__ dy, // [count]
    const float* __restrict__ x,  // [count]
    float* __restrict__ dx,       // [count]
    uint32_t count, uint32_t mode)
{
    start_in_turn();
    const uint64_t i = global_index();
    if (i < count)
        put(&dx[i], fabsf(x[i]) < 1.0f ? dy[i] : 0.0f, mode);
}
