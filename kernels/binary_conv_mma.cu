// binary_conv on tensor cores, for a multiple of 8 filters: y = scale * n as xnor_mma.cuh counts it, one entry a form of the product.
// x_bits [N,H,W,words(I)], w_bits [O,K,K,words(I)], scale [1], or null for 1, y [N,OH,OW,O].
#include "launch_order.cuh"
#include "xnor_mma.cuh"

constexpr uint32_t kBlock = kXnorThreads;

template <class Form>
__device__ __forceinline__ void convolve(const ConvGeometry& g, const uint32_t* x_bits, const uint32_t* w_bits, const float* scale,
    float* y)
{
    __shared__ XnorShared shared;
    const XnorTeam team = whole_block();
    prepare_words<Form>(g, team, w_bits, shared);
    const float factor = scale == nullptr ? 1.0f : *scale;
    const PixelRange range = {blockIdx.x * kXnorPixels, all_pixels(g).end};
    xnor_tile<Form, false>(g, team, x_bits, w_bits, range, shared,
        [&](uint32_t pixel, uint32_t, uint32_t channel, int32_t first, int32_t second)
    {
        *reinterpret_cast<float2*>(y + (uint64_t)pixel * g.o + channel) = make_float2(factor * (float)first, factor * (float)second);
    });
}

extern "C" __global__ void __launch_bounds__(kBlock, 1) binary_conv_mma(const uint32_t* __restrict__ x_bits,
    const uint32_t* __restrict__ w_bits, const float* __restrict__ scale, float* __restrict__ y, ConvGeometry g)
{
    start_in_turn();
    convolve<AndForm>(g, x_bits, w_bits, scale, y);
}

extern "C" __global__ void __launch_bounds__(kBlock, 1) binary_conv_mma_xor(const uint32_t* __restrict__ x_bits,
    const uint32_t* __restrict__ w_bits, const float* __restrict__ scale, float* __restrict__ y, ConvGeometry g)
{
    start_in_turn();
    convolve<XorForm>(g, x_bits, w_bits, scale, y);
}

extern "C" __global__ void __launch_bounds__(kBlock, 1) binary_conv_mma_int8(const uint32_t* __restrict__ x_bits,
    const uint32_t* __restrict__ w_bits, const float* __restrict__ scale, float* __restrict__ y, ConvGeometry g)
{
    start_in_turn();
    convolve<Int8Form>(g, x_bits, w_bits, scale, y);
}
