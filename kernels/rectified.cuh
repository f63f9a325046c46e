// What batch norm takes: x, or max(x, 0) where the network has a ReLU before it.
#pragma once
#include <stdint.h>

__device__ __forceinline__ float rectified(float x, uint32_t rectify)
{
    return rectify != 0 && x <= 0.0f ? 0.0f : x; // NaN stays NaN
}
