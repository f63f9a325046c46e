// sgd_step: one step of SGD on all parameters at once, as torch.optim.SGD without dampening:
// g = dw + decay w; momentum = mu momentum + g; w -= rate momentum.
#include "index.cuh"
#include "launch_order.cuh"

constexpr uint32_t kBlock = 256;
constexpr uint32_t kRate = 0, kMu = 1, kDecay = 2;

extern "C" __global__ void __launch_bounds__(kBlock) sgd_step(
    const float* __restrict__ dw,    // [count]
    const float* __restrict__ knobs, // [3]: rate, mu, decay
    float* __restrict__ w,           // [count]
    float* __restrict__ momentum,    // [count]
    uint32_t count)
{
    start_in_turn();
    const uint64_t i = global_index();
    if (i >= count)
        return;
    const float g = dw[i] + knobs[kDecay] * w[i];
    const float m = knobs[kMu] * momentum[i] + g;
    momentum[i] = m;
    w[i] -= knobs[kRate] * m;
}
