// ReSTE (Wu et al., ICCV 2023, eq. 7): the secant m^(1/o) / m up to m, |x|^((1-o)/o) / o up to t, 0 beyond and for NaN.
// Parameters: o, t, m, secant. Derivation in notes/reste_slope.md.
#pragma once
#include "../power.cuh"
#include <math.h>

struct ResteSlope
{
    float exponent, inverse, limit, interval, secant;

    __device__ __forceinline__ ResteSlope(float o, float t, float m, float secant)
        : exponent((1.0f - o) / o), inverse(1.0f / o), limit(t), interval(m), secant(secant)
    {
    }

    // The power without powf's many special cases: where it is taken, |x| is neither 0 nor huge.
    __device__ __forceinline__ float operator()(float x) const
    {
        const float a = fabsf(x), outer = a <= limit ? quick_exp2(exponent * quick_log2(a)) * inverse : 0.0f;
        return a <= interval ? secant : outer;
    }
};
