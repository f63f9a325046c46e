// slice_sum: dw = sum of partial sums in the order of their slices, the second pass of a weight gradient whose first is weight_grad.cuh.
#include "grad_mode.cuh"
#include "index.cuh"

constexpr uint32_t kBlock = 256;

extern "C" __global__ void __launch_bounds__(kBlock) slice_sum(
    const float* __restrict__ partial, // [slices,count]
    float* __restrict__ dw,            // [count]
    uint32_t slices, uint32_t count, uint32_t mode)
{
    const uint64_t i = global_index();
    if (i >= count)
        return;
    float sum = 0.0f;
    for (uint32_t slice = 0; slice < slices; slice++)
        sum += partial[(uint64_t)slice * count + i];
    put(&dw[i], sum, mode);
}
