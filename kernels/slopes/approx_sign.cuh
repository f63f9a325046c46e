// h = 2 - 2 |x| on |x| <= 1, else 0, also for NaN: ApproxSign (Liu et al., Bi-Real Net, arXiv 1808.00278). No parameters.
#pragma once
#include <math.h>

struct ApproxSignSlope
{
    __device__ __forceinline__ ApproxSignSlope(float, float, float, float) {}

    __device__ __forceinline__ float operator()(float x) const
    {
        const float a = fabsf(x);
        return a <= 1.0f ? 2.0f - 2.0f * a : 0.0f;
    }
};
