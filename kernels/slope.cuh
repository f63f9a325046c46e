// The pointwise slopes h(x) that stand in for the derivative of sign on the way back; p are their four numbers in the knobs.
#pragma once
#include <math.h>
#include <stdint.h>

constexpr uint32_t kSlopeIdentity = 0; // SlopeKind.Identity of the engine
constexpr uint32_t kSlopeClipped = 1;  // SlopeKind.Clipped
constexpr uint32_t kSlopeReste = 2;    // SlopeKind.Reste

struct Slope
{
    uint32_t kind;
    float limit, interval, secant, exponent, inverse;
};

// Takes the numbers apart once, before a loop. For ReSTE they are o, t, m, secant.
__device__ __forceinline__ Slope load_slope(uint32_t kind, const float* p)
{
    return {kind, p[1], p[2], p[3], (1.0f - p[0]) / p[0], 1.0f / p[0]};
}

// ReSTE (Wu et al., ICCV 2023, eq. 7): the secant m^(1/o) / m up to m, |x|^((1-o)/o) / o up to t, 0 beyond. NaN gives 0.
// The power without powf's many special cases: |x| is neither 0 nor huge.
__device__ __forceinline__ float reste_slope(const Slope& s, float x)
{
    const float a = fabsf(x), outer = a <= s.limit ? exp2f(s.exponent * log2f(a)) * s.inverse : 0.0f;
    return a <= s.interval ? s.secant : outer;
}

// h(x).
__device__ __forceinline__ float slope_at(const Slope& s, float x)
{
    if (s.kind == kSlopeReste)
        return reste_slope(s, x);
    if (s.kind == kSlopeClipped)
        return fabsf(x) <= 1.0f ? 1.0f : 0.0f;
    return 1.0f;
}
