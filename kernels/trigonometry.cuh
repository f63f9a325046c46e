// sin and cos for |x| up to 1000, good to 1.5e-7: x is brought to [-pi/2, pi/2] by taking whole multiples of pi off in three parts, then a
// polynomial fitted to the sine of that range follows. CUDA's own sinf serves every argument there is, for which it keeps a table in local
// memory.
#pragma once
#include <math.h>

constexpr float kPerPi = 0.318309886183791f;
// pi: the first two parts have eight and ten bits, so that their products with multiples below 2^14 are exact.
constexpr float kPiHigh = 3.140625f, kPiMiddle = 0.0009670257568359375f, kPiLow = 6.27832957178498e-07f;

// The sine of x less a multiple of pi that leaves [-pi/2, pi/2].
__device__ __forceinline__ float reduced_sine(float x, float multiple)
{
    float r = fmaf(multiple, -kPiHigh, x);
    r = fmaf(multiple, -kPiMiddle, r);
    r = fmaf(multiple, -kPiLow, r);
    const float square = r * r;
    float series = fmaf(2.605944700917462e-06f, square, -0.0001980967354029417f);
    series = fmaf(series, square, 0.008333067409694195f);
    series = fmaf(series, square, -0.16666659712791443f);
    return fmaf(series * square, r, r);
}

// 1 for an even whole number, -1 for an odd one.
__device__ __forceinline__ float parity(float whole)
{
    const float half = whole * 0.5f;
    return fmaf(fabsf(half - rintf(half)), -4.0f, 1.0f);
}

__device__ __forceinline__ float sine(float x)
{
    const float multiple = rintf(x * kPerPi);
    return reduced_sine(x, multiple) * parity(multiple);
}

// About the zero in whose half period x lies, at an odd number of half pi: cos((m + 1/2) pi + r) = -(-1)^m sin r.
__device__ __forceinline__ float cosine(float x)
{
    const float multiple = rintf(fmaf(x, kPerPi, -0.5f));
    return reduced_sine(x, multiple + 0.5f) * -parity(multiple);
}
