// The derivative of SignSwish (Darabi et al., BNN+, arXiv 1812.11800): beta (2 - y tanh(y/2)) / (1 + cosh y), y = beta x, with
// 1 + cosh y = 2 cosh^2(y/2), which does not overflow. 0 for NaN. Parameter: beta.
#pragma once
#include "../tanh.cuh"

struct SignSwishSlope
{
    float beta, half_beta;

    __device__ __forceinline__ SignSwishSlope(float beta, float, float, float) : beta(beta), half_beta(0.5f * beta) {}

    // Beyond |y| = 86 the slope is below 1e-35 beta, and infinity times zero at the end.
    __device__ __forceinline__ float operator()(float x) const
    {
        const float half = half_beta * fabsf(x);
        const Tanh t(half);
        return half <= 43.0f ? beta * (1.0f - half * t.value) * t.derivative : 0.0f;
    }
};
