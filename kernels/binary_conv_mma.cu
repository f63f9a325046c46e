// binary_conv on tensor cores, for a multiple of 8 filters: y = scale * n as xnor_mma.cuh counts it.
#include "xnor_mma.cuh"

constexpr uint32_t kBlock = kXnorThreads;

extern "C" __global__ void __launch_bounds__(kBlock, 1) binary_conv_mma(
    const uint32_t* __restrict__ x_bits, // [N,H,W,words(I)]
    const uint32_t* __restrict__ w_bits, // [O,K,K,words(I)]
    const float* __restrict__ scale,     // [1], or null for 1
    float* __restrict__ y,               // [N,OH,OW,O]
    ConvGeometry g)
{
    __shared__ XnorShared shared;
    prepare_words(g, shared);
    const float factor = scale == nullptr ? 1.0f : *scale;
    xnor_tile(g, x_bits, w_bits, blockIdx.x, shared, [&](uint32_t pixel, uint32_t, uint32_t channel, int32_t first, int32_t second)
    {
        *reinterpret_cast<float2*>(y + (uint64_t)pixel * g.o + channel) = make_float2(factor * (float)first, factor * (float)second);
    });
}
