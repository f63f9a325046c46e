// channel_bias: y[r,c] = x[r,c] + bias[c]. channel_bias_grad: dbias[c] = sum over rows of dy, in double, a thread a channel: it is for the
// logits of a batch, which are few.
#include "index.cuh"
#include "launch_order.cuh"

constexpr uint32_t kBlock = 256;

extern "C" __global__ void __launch_bounds__(kBlock) channel_bias(
    const float* __restrict__ x,    // [R,C]
    const float* __restrict__ bias, // [C]
    float* __restrict__ y,          // [R,C]
    uint32_t rows, uint32_t channels)
{
    start_in_turn();
    const uint64_t i = global_index();
    if (i < (uint64_t)rows * channels)
        y[i] = x[i] + bias[(uint32_t)i % channels];
}

extern "C" __global__ void __launch_bounds__(kBlock) channel_bias_grad(
    const float* __restrict__ dy, // [R,C]
    float* __restrict__ dbias,    // [C]
    uint32_t rows, uint32_t channels)
{
    start_in_turn();
    const uint64_t c = global_index();
    if (c >= channels)
        return;
    double sum = 0.0;
    for (uint32_t r = 0; r < rows; r++)
        sum += (double)dy[(uint64_t)r * channels + c];
    dbias[c] = (float)sum;
}
