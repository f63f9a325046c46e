// The pointwise slopes h(x) that stand in for the derivative of sign on the way back; p are their four numbers in the knobs.
#pragma once
#include <math.h>
#include <stdint.h>

constexpr uint32_t kSlopeIdentity = 0; // SlopeKind.Identity of the engine
constexpr uint32_t kSlopeClipped = 1;  // SlopeKind.Clipped
constexpr uint32_t kSlopeReste = 2;    // SlopeKind.Reste

// ReSTE (Wu et al., ICCV 2023, eq. 7): with p = o, t, m, secant: the secant m^(1/o) / m up to m, |x|^((1-o)/o) / o up to t, 0 beyond. NaN gives 0.
__device__ __forceinline__ float reste_slope(const float* p, float x)
{
    const float a = fabsf(x);
    if (a <= p[2])
        return p[3];
    return a <= p[1] ? powf(a, (1.0f - p[0]) / p[0]) / p[0] : 0.0f;
}

__device__ __forceinline__ float slope(uint32_t kind, const float* p, float x)
{
    if (kind == kSlopeReste)
        return reste_slope(p, x);
    if (kind == kSlopeClipped)
        return fabsf(x) <= 1.0f ? 1.0f : 0.0f;
    return 1.0f;
}
