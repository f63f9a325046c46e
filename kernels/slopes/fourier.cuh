// FDA-BNN (Xu et al., NeurIPS 2021, arXiv 2103.00841): the derivative of a square wave's sine series up to its n-th term,
// (2 w / pi) sin(2 (n + 1) w x) / sin(w x), on |x| <= 1, else 0, also for NaN. Parameters: w, below pi/2, and n.
#pragma once
#include "../trigonometry.cuh"

struct FourierSlope
{
    float omega, upper, height, limit, near_zero;

    // Where 2 (n + 1) w |x| is below 1e-4 the ratio is its limit to 2e-9; near 0 it is 0 / 0.
    __device__ __forceinline__ FourierSlope(float omega, float n, float, float)
        : omega(omega), upper(2.0f * (n + 1.0f) * omega), height(2.0f * kPerPi * omega), limit(height * 2.0f * (n + 1.0f)),
          near_zero(1e-4f / upper)
    {
    }

    __device__ __forceinline__ float operator()(float x) const
    {
        const float a = fabsf(x);
        if (a <= near_zero)
            return limit;
        return a <= 1.0f ? height * sine(upper * a) / sine(omega * a) : 0.0f;
    }
};
