// sine_weights: BiPer's periodic weights (Vargas et al., CVPR 2024, arXiv 2404.01278): y = sin(f w), or its sign where knobs[1] is not 0.
// sine_weights_backward: dw = dy f cos(f w) + tau f sin(2 f w) / count; the sign passes its gradient unchanged, and the second term is the
// gradient of the loss tau mean(sin(f w)^2).
// knobs [3]: f, whether the sign is taken, tau. |f w| up to 1000.
#include "bits.cuh"
#include "grad_mode.cuh"
#include "index.cuh"
#include "launch_order.cuh"
#include "trigonometry.cuh"

constexpr uint32_t kBlock = 256;

extern "C" __global__ void __launch_bounds__(kBlock) sine_weights(
    const float* __restrict__ w,     // [count]
    const float* __restrict__ knobs, // [3]
    float* __restrict__ y,           // [count]
    uint32_t count)
{
    start_in_turn();
    const uint64_t i = global_index();
    if (i >= count)
        return;
    const float value = sine(knobs[0] * w[i]);
    y[i] = knobs[1] == 0.0f ? value : is_negative(value) ? -1.0f : 1.0f;
}

extern "C" __global__ void __launch_bounds__(kBlock) sine_weights_backward(
    const float* __restrict__ dy,    // [count]
    const float* __restrict__ w,     // [count]
    const float* __restrict__ knobs, // [3]
    float* __restrict__ dw,          // [count]
    uint32_t count, uint32_t mode)
{
    start_in_turn();
    const uint64_t i = global_index();
    if (i >= count)
        return;
    const float frequency = knobs[0], x = frequency * w[i], pull = (float)((double)knobs[2] * frequency / count);
    put(&dw[i], (dy[i] * frequency + 2.0f * pull * sine(x)) * cosine(x), mode); // sin 2x = 2 sin x cos x
}
