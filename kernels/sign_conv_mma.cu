// sign_conv on tensor cores, for channels of a multiple of 8: by the channels of y that a block takes, 32 or 64. A sign is exact, so it
// takes two products. x [N,H,W,I], w_bits [O,K,K,words(I)], scale [1] or null for 1, y [N,OH,OW,O].
#include "launch_order.cuh"
#include "real_conv_mma.cuh"

template <class Tile>
__device__ __forceinline__ void forward(const float* x, const uint32_t* w_bits, const float* scale, float* y, const ConvGeometry& g)
{
    const float factor = scale == nullptr ? 1.0f : *scale;
    real_conv<SignsRight, Tile>(forward_conv(g), x, SignFilters{w_bits},
        [&](uint64_t i, float2 sums) { *reinterpret_cast<float2*>(y + i) = make_float2(factor * sums.x, factor * sums.y); });
}

extern "C" __global__ void __launch_bounds__(kNarrowRealThreads, kNarrowRealBlocks) sign_conv_mma32(
    const float* __restrict__ x, const uint32_t* __restrict__ w_bits, const float* __restrict__ scale, float* __restrict__ y,
    ConvGeometry g)
{
    start_in_turn();
    forward<NarrowRealPixels>(x, w_bits, scale, y, g);
}

extern "C" __global__ void __launch_bounds__(kRealThreads, kRealBlocks) sign_conv_mma64(
    const float* __restrict__ x, const uint32_t* __restrict__ w_bits, const float* __restrict__ scale, float* __restrict__ y,
    ConvGeometry g)
{
    start_in_turn();
    forward<RealPixels>(x, w_bits, scale, y, g);
}
