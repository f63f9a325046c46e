// Broken: sound_block_sum without the barrier inside the tree, so a thread adds what its neighbours may not have written yet.
#include <stdint.h>

constexpr int kBlock = 128;

extern "C" __global__ void __launch_bounds__(kBlock) broken_missing_barrier(
    const float* __restrict__ x, // [count]
    float* __restrict__ y,       // [blocks]
    uint32_t count)
{
    __shared__ float part[kBlock];
    uint32_t i = blockIdx.x * kBlock + threadIdx.x;
    part[threadIdx.x] = i < count ? x[i] : 0.0f;
    __syncthreads();
    for (uint32_t half = kBlock / 2; half > 0; half /= 2)
        if (threadIdx.x < half)
            part[threadIdx.x] += part[threadIdx.x + half];
    if (threadIdx.x == 0)
        y[blockIdx.x] = part[0];
}
