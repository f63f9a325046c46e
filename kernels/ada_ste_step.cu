// ada_ste_step: one step of AdaSTE's optimiser. g = gain f(theta, dw) dw + decay theta; momentum = mu momentum + (1 - mu) g;
// theta -= rate momentum / (1 - mu^steps). f is the table of notes/ada_ste_step.md, whose numbers change with the epoch.
#include "index.cuh"
#include "launch_order.cuh"

constexpr uint32_t kBlock = 256;
constexpr uint32_t kRate = 0, kMu = 1, kFresh = 2, kDecay = 3, kGain = 4;
constexpr uint32_t kEdge = 0, kZero = 1, kDeadZone = 2, kCap = 3, kSlope = 4, kSaturated = 5, kMiddle = 6, kDivisor = 7, kPositive = 8;

__device__ __forceinline__ float cut(float value, float cap)
{
    return value > cap ? cap : value < 0.0f ? 0.0f : value;
}

__device__ __forceinline__ float gradient_factor(float t, float g, const float* f)
{
    const float a = fabsf(t);
    const bool inwards = (t > 0.0f) == (g > 0.0f);
    if (!(fabsf(g) > f[kDeadZone]) || !(a > f[kZero]) || a == f[kEdge] || (a < f[kEdge] && !inwards))
        return f[kSlope];
    if (a > f[kEdge])
        return inwards ? cut(f[kSaturated] / a, f[kCap]) : 0.0f;
    return cut((f[kMiddle] + (t > 0.0f ? f[kPositive] : 1.0f) * a) / f[kDivisor] / a, f[kCap]);
}

extern "C" __global__ void __launch_bounds__(kBlock) ada_ste_step(
    const float* __restrict__ dw,     // [count]
    const float* __restrict__ steps,  // [1]: steps done, this one counted
    const float* __restrict__ factor, // [9]: edge, zero, dead zone, cap, slope, saturated, middle, divisor, positive share
    const float* __restrict__ knobs,  // [5]: rate, mu, 1 - mu, decay, gain
    float* __restrict__ theta,        // [count]
    float* __restrict__ momentum,     // [count]
    uint32_t count)
{
    start_in_turn();
    const uint64_t i = global_index();
    if (i >= count)
        return;
    const float t = theta[i], g = dw[i];
    const float fresh = knobs[kGain] * (gradient_factor(t, g, factor) * g) + knobs[kDecay] * t;
    const float m = knobs[kMu] * momentum[i] + knobs[kFresh] * fresh;
    momentum[i] = m;
    theta[i] = t - knobs[kRate] * m / (1.0f - powf(knobs[kMu], steps[0]));
}
