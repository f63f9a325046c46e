// slice_sum: dw = sum of partial sums over their slices, the second pass of a weight gradient whose first is weight_grad.cuh or
// weight_grad_mma.cuh. A block takes 32 weights: each of its warps adds up every 32nd slice, and the first the sums of all in their order,
// so that the bits are the same every time.
#include "for_host.cuh"
#include "grad_mode.cuh"
#include "launch_order.cuh"

constexpr uint32_t kBlock = 1024;
constexpr uint32_t kWeights = 32;
constexpr uint32_t kWarps = kBlock / kWeights;

FOR_HOST(slice_sum_weights, kWeights)

extern "C" __global__ void __launch_bounds__(kBlock) slice_sum(
    const float* __restrict__ partial, // [slices,count]
    float* __restrict__ dw,            // [count]
    uint32_t slices, uint32_t count, uint32_t mode)
{
    start_in_turn();
    __shared__ float sums[kWarps][kWeights];
    const uint32_t i = blockIdx.x * kWeights + threadIdx.x % kWeights, warp = threadIdx.x / kWeights;
    float sum = 0.0f;
    if (i < count)
#pragma unroll 8
        for (uint32_t slice = warp; slice < slices; slice += kWarps)
            sum += partial[(uint64_t)slice * count + i];
    sums[warp][threadIdx.x % kWeights] = sum;
    __syncthreads();
    if (warp != 0 || i >= count)
        return;
#pragma unroll
    for (uint32_t other = 1; other < kWarps; other++)
        sum += sums[other][threadIdx.x];
    put(&dw[i], sum, mode);
}
