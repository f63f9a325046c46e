// h = 1: the operand is not binarised, or the plain straight-through estimator (Bengio et al., arXiv 1308.3432). No parameters.
#pragma once

struct IdentitySlope
{
    __device__ __forceinline__ IdentitySlope(float, float, float, float) {}

    __device__ __forceinline__ float operator()(float) const { return 1.0f; }
};
