// The mean over a group that several blocks share, in a fixed order: the last of them adds up their sums.
#pragma once
#include "block_sum.cuh"
#include "last_block.cuh"

// All threads of the group's blocks take part, each with its sum. `blocks` of them have the ticket in common.
template <uint32_t kThreads>
__device__ __forceinline__ void block_mean(double sum, uint32_t block, uint32_t blocks, uint32_t count,
    double* partial,  // [blocks]
    uint32_t* ticket, // [1], 0 before and after
    float* mean)      // [1]
{
    sum = block_sum<kThreads>(sum);
    if (blocks > 1)
    {
        if (threadIdx.x == 0)
            partial[block] = sum;
        if (!is_last_block(ticket, blocks))
            return;
        sum = 0.0;
        for (uint32_t other = threadIdx.x; other < blocks; other += kThreads)
            sum += partial[other];
        sum = block_sum<kThreads>(sum);
    }

    if (threadIdx.x == 0)
        *mean = (float)(sum / count);
}
