// Broken: looks at the right-hand neighbour x[i + 1] of the last element, too. What it reads there has no effect on a finite result
// (the sum with 0 times a finite number), so nothing but a watch over the memory finds it.
#include <stdint.h>

constexpr int kBlock = 128;

extern "C" __global__ void __launch_bounds__(kBlock) broken_off_by_one_read(
    const float* __restrict__ x, // [count]
    float* __restrict__ y,       // [count]
    uint32_t count)
{
    uint32_t i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count)
        y[i] = 2.0f * x[i] + 0.0f * x[i + 1];
}
