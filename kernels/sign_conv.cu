// sign_conv: convolution of real activations with binary weights (1W/32A), y = scale * (x convolved with sign(w)).
// Its input gradient is binary_conv_input_grad with the identity for a slope, its weight gradient conv_weight_grad.
#include "conv_tile.cuh"
#include "launch_order.cuh"

constexpr uint32_t kBlock = kTileThreads;

extern "C" __global__ void __launch_bounds__(kBlock) sign_conv(
    const float* __restrict__ x,         // [N,H,W,I]
    const uint32_t* __restrict__ w_bits, // [O,K,K,words(I)]
    const float* __restrict__ scale,     // [1], or null for 1
    float* __restrict__ y,               // [N,OH,OW,O]
    ConvGeometry g)
{
    start_in_turn();
    ConvSums sums;
    convolve<Forward>(g, x, SignWeights{w_bits}, sums);
    const float factor = scale == nullptr ? 1.0f : *scale;
    store_sums<Forward>(g, sums, [&](uint64_t i, float sum) { y[i] = factor * sum; });
}
