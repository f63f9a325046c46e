// Where a thread of a one-dimensional grid stands.
#pragma once
#include <stdint.h>

// 64 bits: a grid may cover more than 2^32 elements.
__device__ __forceinline__ uint64_t global_index()
{
    return (uint64_t)blockIdx.x * blockDim.x + threadIdx.x;
}
