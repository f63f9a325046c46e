// RBNN (Lin et al., NeurIPS 2020, arXiv 2009.13055): max(0, k (sqrt(2) t - t^2 |x|)); 0 for NaN. Parameters: k, t.
#pragma once
#include <math.h>

struct RbnnSlope
{
    float height, fall;

    __device__ __forceinline__ RbnnSlope(float k, float t, float, float) : height(k * t * 1.41421356237310f), fall(k * t * t) {}

    __device__ __forceinline__ float operator()(float x) const
    {
        const float tent = fmaf(-fall, fabsf(x), height);
        return tent > 0.0f ? tent : 0.0f;
    }
};
