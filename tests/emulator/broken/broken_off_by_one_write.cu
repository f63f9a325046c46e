// Broken: the guard lets one thread too many through, which writes y[count]. It reads inside x.
#include <stdint.h>

constexpr int kBlock = 128;

extern "C" __global__ void __launch_bounds__(kBlock) broken_off_by_one_write(
    const float* __restrict__ x, // [count]
    float* __restrict__ y,       // [count]
    uint32_t count)
{
    uint32_t i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i <= count)
        y[i] = 2.0f * x[min(i, count - 1)];
}
