// Broken: only whole blocks work, so the last elements stay as they were when count is not a multiple of the block.
#include <stdint.h>

constexpr int kBlock = 128;

extern "C" __global__ void __launch_bounds__(kBlock) broken_unwritten_tail(
    const float* __restrict__ x, // [count]
    float* __restrict__ y,       // [count]
    uint32_t count)
{
    uint32_t end = (blockIdx.x + 1) * blockDim.x;
    uint32_t i = blockIdx.x * blockDim.x + threadIdx.x;
    if (end <= count)
        y[i] = 2.0f * x[i];
}
