// clamp: x = min(max(x, -bound), bound), in place; NaN stays NaN.
#include "index.cuh"
#include "launch_order.cuh"

constexpr uint32_t kBlock = 256;

extern "C" __global__ void __launch_bounds__(kBlock) clamp(
    float* __restrict__ x, // [count]
    float bound, uint32_t count)
{
    start_in_turn();
    const uint64_t i = global_index();
    if (i < count)
        x[i] = x[i] < -bound ? -bound : x[i] > bound ? bound : x[i];
}
