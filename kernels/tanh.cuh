// tanh(a) and 1 - tanh^2(a) for a >= 0, both from e = exp(-2 a): (1 - e) / (1 + e) and 4 e / (1 + e)^2, which keeps its digits where
// tanh is 1 to the last of its own.
#pragma once
#include <math.h>

struct Tanh
{
    float value, derivative;

    __device__ __forceinline__ explicit Tanh(float a)
    {
        const float e = expf(-2.0f * a), inverse = 1.0f / (1.0f + e);
        value = (1.0f - e) * inverse;
        derivative = 4.0f * e * inverse * inverse;
    }
};
