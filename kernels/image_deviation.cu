// image_deviation: divides each image by its own deviation (Vargas et al., BiPer, CVPR 2024): y = x / s, s = sqrt(variance + 1e-5), the
// variance of the image's M values without bias. Mean and s are kept.
// image_deviation_backward: attached, dx = dy / s - (x - mean) sum(dy x) / ((M - 1) s^3), the sum over the image; detached, dx = dy / s.
// A block an image; sums in double, in one order. Derivation in notes/image_deviation.md.
// x, y [N,size], statistics [2,N]: mean, s.
#include "block_sum.cuh"
#include "grad_mode.cuh"
#include "launch_order.cuh"
#include <math.h>

constexpr uint32_t kBlock = 256;
constexpr double kDeviationEpsilon = 1e-5;

extern "C" __global__ void __launch_bounds__(kBlock) image_deviation(
    const float* __restrict__ x,    // [N,size]
    float* __restrict__ statistics, // [2,N]
    float* __restrict__ y,          // [N,size]
    uint32_t n, uint32_t size)
{
    start_in_turn();
    const uint64_t first = (uint64_t)blockIdx.x * size, end = first + size;
    double sum = 0.0, squares = 0.0;
    for (uint64_t i = first + threadIdx.x; i < end; i += kBlock)
        sum += x[i];
    const double mean = block_sum<kBlock>(sum) / size;
    for (uint64_t i = first + threadIdx.x; i < end; i += kBlock)
        squares += (x[i] - mean) * (x[i] - mean);
    const float deviation = (float)sqrt(block_sum<kBlock>(squares) / (size - 1.0) + kDeviationEpsilon);
    for (uint64_t i = first + threadIdx.x; i < end; i += kBlock)
        y[i] = x[i] / deviation;
    if (threadIdx.x == 0)
    {
        statistics[blockIdx.x] = (float)mean;
        statistics[n + blockIdx.x] = deviation;
    }
}

extern "C" __global__ void __launch_bounds__(kBlock) image_deviation_backward(
    const float* __restrict__ dy,         // [N,size]
    const float* __restrict__ x,          // [N,size]
    const float* __restrict__ statistics, // [2,N]
    float* __restrict__ dx,               // [N,size]
    uint32_t n, uint32_t size, uint32_t attached, uint32_t mode)
{
    start_in_turn();
    const uint64_t first = (uint64_t)blockIdx.x * size, end = first + size;
    const float mean = statistics[blockIdx.x], deviation = statistics[n + blockIdx.x];
    float share = 0.0f;
    if (attached != 0) // the same for every thread of the block
    {
        double dot = 0.0;
        for (uint64_t i = first + threadIdx.x; i < end; i += kBlock)
            dot += (double)dy[i] * x[i];
        share = (float)(block_sum<kBlock>(dot) / ((size - 1.0) * deviation * deviation * deviation));
    }

    for (uint64_t i = first + threadIdx.x; i < end; i += kBlock)
        put(&dx[i], dy[i] / deviation - (x[i] - mean) * share, mode);
}
