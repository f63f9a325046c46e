// What a backward kernel does with a gradient buffer: the first to reach it writes, later ones add, so nothing is ever zeroed.
#pragma once
#include <stdint.h>

constexpr uint32_t kGradNone = 0;  // GradMode.None of the engine: nobody needs it
constexpr uint32_t kGradWrite = 1; // GradMode.Write
constexpr uint32_t kGradAdd = 2;   // GradMode.Add

// A branch and no 0 * old + value: what is written over may be NaN.
__device__ __forceinline__ void put(float* target, float value, uint32_t mode)
{
    *target = mode == kGradAdd ? *target + value : value;
}
