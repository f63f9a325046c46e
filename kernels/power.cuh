// Logarithm and power of two by the instructions that there are for them, for positive numbers from 2^-126 on whose results are such
// numbers too: good to 2^-22, absolute and relative. log2f and exp2f take several times as many instructions. The instructions are
// volatile, else the compiler would put a branch around them where their result may not be asked for.
#pragma once
#include <math.h>
#include <stdint.h>

// The instruction is as good as that close to 1 alone: so it is given a number from 0.75 to 1.5, and the exponent is added, whole.
__device__ __forceinline__ float quick_log2(float a)
{
#ifdef RESTE_EMULATOR
    return log2f(a);
#else
    const uint32_t exponent = (__float_as_uint(a) - 0x3F400000u) & 0xFF800000u;
    float result;
    asm volatile("lg2.approx.ftz.f32 %0, %1;" : "=f"(result) : "f"(__uint_as_float(__float_as_uint(a) - exponent)));
    // A whole number in the last digits of 1.5 * 2^23, which are of ones.
    const float whole = __uint_as_float(0x4B400000u + (uint32_t)((int32_t)exponent >> 23)) - 12582912.0f;
    return result + whole;
#endif
}

__device__ __forceinline__ float quick_exp2(float a)
{
#ifdef RESTE_EMULATOR
    return exp2f(a);
#else
    float result;
    asm volatile("ex2.approx.ftz.f32 %0, %1;" : "=f"(result) : "f"(a));
    return result;
#endif
}
