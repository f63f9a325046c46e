// The error decay estimator of IR-Net (Qin et al., CVPR 2020, arXiv 1909.10788): k t (1 - tanh^2(t x)); 0 for NaN. Parameters: k, t.
#pragma once
#include "../tanh.cuh"

struct EdeSlope
{
    float t, height;

    __device__ __forceinline__ EdeSlope(float k, float t, float, float) : t(t), height(k * t) {}

    __device__ __forceinline__ float operator()(float x) const
    {
        const float y = fabsf(x) * t;
        return y <= 43.0f ? height * Tanh(y).derivative : 0.0f; // below 2e-37 of the height beyond
    }
};
