// centre_weights: XNOR-Net's weights before their sign (Rastegari et al., ECCV 2016, published code): y = w less the mean over the input
// channels of its tap, cut to [-1, 1]; NaN stays NaN. A block a tap; the sum in double, in one order. y may be w.
#include "block_sum.cuh"
#include "launch_order.cuh"

constexpr uint32_t kBlock = 64; // a tap has some ten to some hundred input channels

extern "C" __global__ void __launch_bounds__(kBlock) centre_weights(
    const float* w, // [taps,inputs]
    float* y,       // [taps,inputs]
    uint32_t inputs)
{
    start_in_turn();
    const uint64_t first = (uint64_t)blockIdx.x * inputs, end = first + inputs;
    double sum = 0.0;
    for (uint64_t i = first + threadIdx.x; i < end; i += kBlock)
        sum += w[i];
    const float mean = (float)(block_sum<kBlock>(sum) / inputs);
    for (uint64_t i = first + threadIdx.x; i < end; i += kBlock)
    {
        const float centred = w[i] - mean;
        y[i] = centred < -1.0f ? -1.0f : centred > 1.0f ? 1.0f : centred;
    }
}
