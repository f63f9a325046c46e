// Where a thread of a one-dimensional grid stands.
#pragma once
#include <stdint.h>

// 64 bits, as the last block may reach past 2^32. Tensors hold fewer elements than that (the host checks), so after the guard 32 bits
// are enough for quotients and remainders, which cost five times as much in 64.
__device__ __forceinline__ uint64_t global_index()
{
    return (uint64_t)blockIdx.x * blockDim.x + threadIdx.x;
}
