// The sum of one double a thread over a block, in a fixed order.
#pragma once
#include <stdint.h>

// Returns the sum to every thread. All threads of the block take part; kThreads is a power of two.
template <uint32_t kThreads>
__device__ __forceinline__ double block_sum(double value)
{
    __shared__ double sums[kThreads];
    __syncthreads(); // the sums of an earlier call have been read
    sums[threadIdx.x] = value;
    for (uint32_t half = kThreads / 2; half > 0; half /= 2)
    {
        __syncthreads();
        if (threadIdx.x < half)
            sums[threadIdx.x] += sums[threadIdx.x + half];
    }

    __syncthreads();
    return sums[0];
}
