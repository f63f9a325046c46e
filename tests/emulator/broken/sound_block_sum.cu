// Correct: y[block] is the sum of the block's elements of x, by a tree in shared memory. Blocks of 128.
#include <stdint.h>

constexpr int kBlock = 128;

extern "C" __global__ void __launch_bounds__(kBlock) sound_block_sum(
    const float* __restrict__ x, // [count]
    float* __restrict__ y,       // [blocks]
    uint32_t count)
{
    __shared__ float part[kBlock];
    uint32_t i = blockIdx.x * kBlock + threadIdx.x;
    part[threadIdx.x] = i < count ? x[i] : 0.0f;
    __syncthreads();
    for (uint32_t half = kBlock / 2; half > 0; half /= 2)
    {
        if (threadIdx.x < half)
            part[threadIdx.x] += part[threadIdx.x + half];
        __syncthreads();
    }
    if (threadIdx.x == 0)
        y[blockIdx.x] = part[0];
}
