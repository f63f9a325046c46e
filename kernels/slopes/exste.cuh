// ExSTE: o e^(-o |x|) / (1 - e^(-o)) on |x| <= t, else 0, also for NaN; 1 on |x| <= t where o goes to 0. Parameters: o, t.
#pragma once
#include <math.h>

struct ExsteSlope
{
    float o, limit, height;

    // Below 1e-6 the height, 1 + o / 2, is 1 to the last digit but one.
    __device__ __forceinline__ ExsteSlope(float o, float t, float, float)
        : o(o), limit(t), height(o < 1e-6f ? 1.0f : o / -expm1f(-o))
    {
    }

    __device__ __forceinline__ float operator()(float x) const
    {
        const float a = fabsf(x);
        return a <= limit ? height * expf(-o * a) : 0.0f;
    }
};
