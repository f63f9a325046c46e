// A step of SGD of one parameter, as torch.optim.SGD without dampening: g = dw + decay w; momentum = mu momentum + g; w -= rate momentum.
#pragma once
#include <stdint.h>

constexpr uint32_t kRate = 0, kMu = 1, kDecay = 2; // of the knobs

__device__ __forceinline__ void sgd_update(float dw, const float* knobs, float* w, float* momentum)
{
    const float g = dw + knobs[kDecay] * *w, m = knobs[kMu] * *momentum + g;
    *momentum = m;
    *w -= knobs[kRate] * m;
}
