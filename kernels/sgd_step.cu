// sgd_step: one step of SGD on all parameters at once, as torch.optim.SGD without dampening: g = dw + decay w; momentum = mu momentum + g; w -= lr momentum.
#include "index.cuh"
#include "knobs.cuh"

constexpr uint32_t kBlock = 256;

extern "C" __global__ void __launch_bounds__(kBlock) sgd_step(
    const float* __restrict__ dw,    // [count]
    const float* __restrict__ knobs, // [12]
    float* __restrict__ w,           // [count]
    float* __restrict__ momentum,    // [count]
    uint32_t count)
{
    const uint64_t i = global_index();
    if (i >= count)
        return;
    const float g = dw[i] + knobs[kKnobWeightDecay] * w[i];
    const float m = knobs[kKnobMomentum] * momentum[i] + g;
    momentum[i] = m;
    w[i] -= knobs[kKnobLearningRate] * m;
}
