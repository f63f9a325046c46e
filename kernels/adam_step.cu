// adam_step: one step of Adam (Kingma and Ba, arXiv 1412.6980) on a share of the parameters, as torch.optim.Adam and AdamW compute it:
// g = dw + decay w; mean = b1 mean + (1 - b1) g; square = b2 square + (1 - b2) g^2;
// w = keep w - corrections[0] mean / (sqrt(square) / corrections[1] + epsilon).
// adam_corrections: counts the step, t = steps += 1, and computes once what corrects the means of t steps,
// rate / (1 - b1^t) and sqrt(1 - b2^t), in double: in single precision 1 - b2^t would lose half its digits in the first steps.
#include "index.cuh"
#include "launch_order.cuh"
#include <math.h>

constexpr uint32_t kBlock = 256;
constexpr uint32_t kRate = 0, kFresh1 = 1, kFresh2 = 2, kEpsilon = 3, kDecay = 4, kKeep = 5; // fresh: 1 - b

extern "C" __global__ void __launch_bounds__(kBlock) adam_corrections(
    const float* __restrict__ knobs,  // [6]: rate, 1 - b1, 1 - b2, epsilon, decay, keep
    float* __restrict__ steps,        // [1]
    float* __restrict__ corrections)  // [2]
{
    start_in_turn();
    if (threadIdx.x != 0)
        return;
    const double t = steps[0] + 1.0f;
    steps[0] = (float)t;
    corrections[0] = (float)(knobs[kRate] / (1.0 - pow(1.0 - (double)knobs[kFresh1], t)));
    corrections[1] = (float)sqrt(1.0 - pow(1.0 - (double)knobs[kFresh2], t));
}

extern "C" __global__ void __launch_bounds__(kBlock) adam_step(
    const float* __restrict__ dw,          // [count]
    const float* __restrict__ corrections, // [2]
    const float* __restrict__ knobs,       // [6]: rate, 1 - b1, 1 - b2, epsilon, decay, keep
    float* __restrict__ w,                 // [count]
    float* __restrict__ mean,              // [count]
    float* __restrict__ square,            // [count]
    uint32_t count)
{
    start_in_turn();
    const uint64_t i = global_index();
    if (i >= count)
        return;
    const float g = dw[i] + knobs[kDecay] * w[i];
    const float m = (1.0f - knobs[kFresh1]) * mean[i] + knobs[kFresh1] * g;
    const float v = (1.0f - knobs[kFresh2]) * square[i] + knobs[kFresh2] * g * g;
    mean[i] = m;
    square[i] = v;
    const float deviation = sqrtf(v) / corrections[1] + knobs[kEpsilon];
    w[i] = knobs[kKeep] * w[i] - corrections[0] * m / deviation;
}
