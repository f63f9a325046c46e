// average_pool: y[n,c] = mean of x[n,:,:,c]. average_pool_backward: dx[n,p,q,c] = dy[n,c] / pixels.
// average_pool_statistics: the first, and on the way the statistics of a batch norm of y, as batch_norm_statistics finds them.
#include "batch_statistics.cuh"
#include "grad_mode.cuh"
#include "index.cuh"
#include "launch_order.cuh"
#include "rectified.cuh"
#include "row_sums.cuh"

constexpr uint32_t kBlock = kSumBlock;

// Mean of the pixels of one image's channel.
__device__ __forceinline__ float pooled(const float* x, uint32_t image, uint32_t channel, uint32_t pixels, uint32_t c)
{
    const float* column = x + (uint64_t)image * pixels * c + channel;
    float sum = 0.0f;
#pragma unroll 16
    for (uint32_t p = 0; p < pixels; p++)
        sum += column[(uint64_t)p * c];
    return sum / (float)pixels;
}

extern "C" __global__ void __launch_bounds__(kBlock) average_pool(
    const float* __restrict__ x, // [N,pixels,C]
    float* __restrict__ y,       // [N,C]
    uint32_t n, uint32_t pixels, uint32_t c)
{
    start_in_turn();
    const uint64_t i = global_index();
    if (i >= (uint64_t)n * c)
        return;
    y[i] = pooled(x, (uint32_t)i / c, (uint32_t)i % c, pixels, c);
}

extern "C" __global__ void __launch_bounds__(kBlock, 4) average_pool_statistics(
    const float* __restrict__ x,          // [N,pixels,C]
    float* __restrict__ y,                // [N,C]
    double* partial,                      // [slices,2,C]
    uint32_t* tickets,                    // [C / 16], 0 before and after
    float* __restrict__ mean,             // [C]
    float* __restrict__ inv_std,          // [C]
    float* __restrict__ running_mean,     // [C]
    float* __restrict__ running_variance, // [C]
    uint32_t n, uint32_t pixels, uint32_t c, uint32_t slice_rows, uint32_t rectify, double momentum, float epsilon)
{
    start_in_turn();
    const Pair sum = sum_rows(n, c, slice_rows, [&](uint64_t i, Pair& sums)
    {
        const float value = pooled(x, (uint32_t)i / c, (uint32_t)i % c, pixels, c);
        y[i] = value;
        const double z = rectified(value, rectify);
        sums.first += z;
        sums.second += z * z;
    });
    const BatchStatistics statistics = {mean, inv_std, running_mean, running_variance, (double)n, momentum, epsilon};
    finish_rows(sum, c, partial, tickets, [&](uint32_t channel, const Pair& all)
    {
        statistics.store_sums(channel, all.first, all.second);
    });
}

extern "C" __global__ void __launch_bounds__(kBlock) average_pool_backward(
    const float* __restrict__ dy, // [N,C]
    float* __restrict__ dx,       // [N,pixels,C]
    uint32_t n, uint32_t pixels, uint32_t c, uint32_t mode)
{
    start_in_turn();
    const uint64_t i = global_index();
    if (i >= (uint64_t)n * pixels * c)
        return;
    const uint32_t image = (uint32_t)i / c / pixels, channel = (uint32_t)i % c;
    put(&dx[i], dy[image * c + channel] / (float)pixels, mode);
}
