// Broken: half of the threads return before the barrier that the other half waits at.
#include <stdint.h>

constexpr int kBlock = 128;

extern "C" __global__ void __launch_bounds__(kBlock) broken_divergent_barrier(
    const float* __restrict__ x, // [count]
    float* __restrict__ y,       // [count]
    uint32_t count)
{
    __shared__ float part[kBlock];
    uint32_t i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= count || threadIdx.x >= kBlock / 2)
        return;
    part[threadIdx.x] = x[i];
    __syncthreads();
    y[i] = 2.0f * part[threadIdx.x];
}
