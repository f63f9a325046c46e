// sign_unpack: y = +1 or -1 as packed signs say: the signs of a value beside an operand that stays real.
// sign_unpack_backward: dx = h(x) * dy, x what was packed, h the estimator's slope.
// bits [R,words(C)], x, y [R,C]; a thread a value.
#include "bits.cuh"
#include "grad_mode.cuh"
#include "index.cuh"
#include "launch_order.cuh"
#include "slopes.cuh"

constexpr uint32_t kBlock = 256;

extern "C" __global__ void __launch_bounds__(kBlock) sign_unpack(
    const uint32_t* __restrict__ bits, // [R,words(C)]
    float* __restrict__ y,             // [R,C]
    uint32_t rows, uint32_t channels)
{
    start_in_turn();
    const uint64_t i = global_index();
    if (i >= (uint64_t)rows * channels)
        return;
    const uint32_t row = (uint32_t)i / channels, channel = (uint32_t)i % channels;
    y[i] = sign_at(bits + (uint64_t)row * words_of(channels), channel);
}

extern "C" __global__ void __launch_bounds__(kBlock) sign_unpack_backward(
    const float* __restrict__ dy,               // [count]
    const float* __restrict__ x,                // [count]
    const float* __restrict__ slope_parameters, // [4]
    float* __restrict__ dx,                     // [count]
    uint32_t count, uint32_t slope_kind, uint32_t mode)
{
    start_in_turn();
    const uint64_t i = global_index();
    if (i >= count)
        return;
    with_slope(slope_kind, slope_parameters, [&](const auto& slope) { put(&dx[i], slope(x[i]) * dy[i], mode); });
}
