// The last block of a grid to finish: it sees what all others wrote before they asked, and may go on with it, which saves a launch. What it
// adds up, it adds in an order of its own, so which block is the last changes nothing.
#pragma once
#include <stdint.h>

// Asked by all threads of as many blocks, which share the ticket; it is 0 before and after.
__device__ __forceinline__ bool is_last_block(uint32_t* ticket, uint32_t blocks)
{
    __shared__ uint32_t before;
    // One thread's fence stands for all: what they wrote comes before the barrier, and what they read comes after the second.
    __syncthreads();
    if (threadIdx.x == 0)
    {
        __threadfence();
        before = atomicAdd(ticket, 1u);
        __threadfence();
        if (before == blocks - 1u)
            *ticket = 0;
    }
    __syncthreads();
    return before == blocks - 1u;
}

// Of the whole grid.
__device__ __forceinline__ bool is_last_block(uint32_t* ticket)
{
    return is_last_block(ticket, gridDim.x * gridDim.y * gridDim.z);
}
