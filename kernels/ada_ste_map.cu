// ada_ste_map: AdaSTE's forward map, w = (theta + lift sign(theta)) / divisor cut to [-1, 1], with sign(0) = 0. NaN stays NaN.
#include "index.cuh"
#include "launch_order.cuh"

constexpr uint32_t kBlock = 256;
constexpr uint32_t kLift = 0, kDivisor = 1;

extern "C" __global__ void __launch_bounds__(kBlock) ada_ste_map(
    const float* __restrict__ theta, // [count]
    const float* __restrict__ knobs, // [2]: lift, divisor
    float* __restrict__ w,           // [count]
    uint32_t count)
{
    start_in_turn();
    const uint64_t i = global_index();
    if (i >= count)
        return;
    const float t = theta[i], lift = t > 0.0f ? knobs[kLift] : t < 0.0f ? -knobs[kLift] : 0.0f;
    const float lifted = (t + lift) / knobs[kDivisor];
    w[i] = lifted > 1.0f ? 1.0f : lifted < -1.0f ? -1.0f : lifted;
}
