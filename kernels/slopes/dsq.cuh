// Differentiable soft quantisation to one bit (Gong et al., ICCV 2019, arXiv 1908.05033): s k (1 - tanh^2(k x)) on |x| <= 1, else 0, also
// for NaN. Parameters: k, s.
#pragma once
#include "../tanh.cuh"

struct DsqSlope
{
    float k, height;

    __device__ __forceinline__ DsqSlope(float k, float s, float, float) : k(k), height(k * s) {}

    __device__ __forceinline__ float operator()(float x) const
    {
        const float a = fabsf(x);
        return a <= 1.0f ? height * Tanh(k * a).derivative : 0.0f;
    }
};
