// The two indicators of the ReSTE paper, one layer a launch, once an epoch: one block, in double, in one order.
// estimating_error: result[slot] = || f(w) - sign(w) ||_2 with f(w) = sign(w) |w|^(1/o), o from exponent, sign(0) = 0 here.
// gradient_variance: result[slot] = unbiased variance of |dw|.
#include "block_sum.cuh"
#include "launch_order.cuh"
#include <math.h>

constexpr uint32_t kBlock = 256; // pow in double wants more registers than a larger block leaves

extern "C" __global__ void __launch_bounds__(kBlock) estimating_error(
    const float* __restrict__ w,     // [count]
    const float* __restrict__ exponent, // [1]
    double* __restrict__ result,     // [slots]
    uint32_t count, uint32_t slot)
{
    start_in_turn();
    const double power = 1.0 / (double)*exponent;
    double squares = 0.0;
    for (uint64_t i = threadIdx.x; i < count; i += kBlock)
    {
        const double a = fabs((double)w[i]), distance = a == 0.0 ? 0.0 : pow(a, power) - 1.0;
        squares += distance * distance;
    }

    squares = block_sum<kBlock>(squares);
    if (threadIdx.x == 0)
        result[slot] = sqrt(squares);
}

extern "C" __global__ void __launch_bounds__(kBlock) gradient_variance(
    const float* __restrict__ dw, // [count]
    double* __restrict__ result,  // [slots]
    uint32_t count, uint32_t slot)
{
    start_in_turn();
    double sum = 0.0, squares = 0.0;
#pragma unroll 1 // unrolled it spills, and once an epoch nobody waits for it
    for (uint64_t i = threadIdx.x; i < count; i += kBlock)
        sum += fabs((double)dw[i]);
    const double mean = block_sum<kBlock>(sum) / count;
    for (uint64_t i = threadIdx.x; i < count; i += kBlock)
        squares += (fabs((double)dw[i]) - mean) * (fabs((double)dw[i]) - mean);
    squares = block_sum<kBlock>(squares);
    if (threadIdx.x == 0)
        result[slot] = squares / (count - 1.0);
}
