// average_pool: y[n,c] = mean of x[n,:,:,c]. average_pool_backward: dx[n,p,q,c] = dy[n,c] / pixels.
#include "grad_mode.cuh"
#include "index.cuh"
#include "launch_order.cuh"

constexpr uint32_t kBlock = 256;

extern "C" __global__ void __launch_bounds__(kBlock) average_pool(
    const float* __restrict__ x, // [N,pixels,C]
    float* __restrict__ y,       // [N,C]
    uint32_t n, uint32_t pixels, uint32_t c)
{
    start_in_turn();
    const uint64_t i = global_index();
    if (i >= (uint64_t)n * c)
        return;
    const uint32_t image = (uint32_t)i / c, channel = (uint32_t)i % c;
    const float* column = x + (uint64_t)image * pixels * c + channel;
    float sum = 0.0f;
    for (uint32_t p = 0; p < pixels; p++)
        sum += column[(uint64_t)p * c];
    y[i] = sum / (float)pixels;
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
