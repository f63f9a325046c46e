// standardise_weights: each filter less its mean and over its deviation: y = (w - mean) / s, s = sqrt(variance + epsilon), the unbiased
// variance of the filter's M values (IR-Net's Libra, Qin et al., arXiv 1909.10788, with epsilon 0). Mean and s are kept.
// standardise_weights_backward: dw = (dy - mean(dy) - y sum(dy y) / (M - 1)) / s, through mean and deviation.
// A block a filter; sums in double, in one order. Derivation in notes/standardise_weights.md.
// w, y [filters,size], statistics [2,filters]: mean, s.
#include "block_sum.cuh"
#include "grad_mode.cuh"
#include "launch_order.cuh"
#include <math.h>

constexpr uint32_t kBlock = 256;

extern "C" __global__ void __launch_bounds__(kBlock) standardise_weights(
    const float* __restrict__ w,    // [filters,size]
    float* __restrict__ statistics, // [2,filters]
    float* __restrict__ y,          // [filters,size]
    double epsilon, uint32_t filters, uint32_t size)
{
    start_in_turn();
    const uint64_t first = (uint64_t)blockIdx.x * size, end = first + size;
    double sum = 0.0, squares = 0.0;
    for (uint64_t i = first + threadIdx.x; i < end; i += kBlock)
        sum += w[i];
    const double exact = block_sum<kBlock>(sum) / size;
    for (uint64_t i = first + threadIdx.x; i < end; i += kBlock)
        squares += (w[i] - exact) * (w[i] - exact);
    const double variance = block_sum<kBlock>(squares) / (size - 1.0) + epsilon;
    __shared__ float kept[2];
    if (threadIdx.x == 0) // one root a filter
    {
        statistics[blockIdx.x] = kept[0] = (float)exact;
        statistics[filters + blockIdx.x] = kept[1] = (float)sqrt(variance);
    }

    __syncthreads();
    for (uint64_t i = first + threadIdx.x; i < end; i += kBlock)
        y[i] = (w[i] - kept[0]) / kept[1];
}

extern "C" __global__ void __launch_bounds__(kBlock) standardise_weights_backward(
    const float* __restrict__ dy,         // [filters,size]
    const float* __restrict__ w,          // [filters,size]
    const float* __restrict__ statistics, // [2,filters]
    float* __restrict__ dw,               // [filters,size]
    uint32_t filters, uint32_t size, uint32_t mode)
{
    start_in_turn();
    const uint64_t first = (uint64_t)blockIdx.x * size, end = first + size;
    const float mean = statistics[blockIdx.x], deviation = statistics[filters + blockIdx.x];
    double sum = 0.0, dot = 0.0;
    for (uint64_t i = first + threadIdx.x; i < end; i += kBlock)
    {
        sum += dy[i];
        dot += (double)dy[i] * (w[i] - mean);
    }

    sum = block_sum<kBlock>(sum);
    dot = block_sum<kBlock>(dot);
    const float common = (float)(sum / size), share = (float)(dot / ((size - 1.0) * deviation * deviation));
    for (uint64_t i = first + threadIdx.x; i < end; i += kBlock)
        put(&dw[i], (dy[i] - common - (w[i] - mean) * share) / deviation, mode);
}
