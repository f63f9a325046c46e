// Correct: the twin that the broken kernels are measured against. y[i] = 2 x[i].
#include <stdint.h>

constexpr int kBlock = 128; // 4 warps

extern "C" __global__ void __launch_bounds__(kBlock) sound_scale(
    const float* __restrict__ x, // [count]
    float* __restrict__ y,       // [count]
    uint32_t count)
{
    uint32_t i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count)
        y[i] = 2.0f * x[i];
}
