// conv_input_grad on tensor cores, for channels of a multiple of 8: by the channels of x that a block takes, 32 or 64.
// dy [N,OH,OW,O], w [O,K,K,I], dx [N,H,W,I].
#include "grad_mode.cuh"
#include "real_conv_mma.cuh"

template <class Tile>
__device__ __forceinline__ void transposed(const float* dy, const float* w, float* dx, const ConvGeometry& g, uint32_t mode)
{
    const RealConv conv = transposed_conv(g);
    if (blockIdx.x * Tile::kRows >= conv.rows()) // other phases have more pixels
        return;
    real_conv<BothInParts, Tile>(conv, dy, TransposedFilters{w}, [&](uint64_t i, float2 sums)
    {
        float2* target = reinterpret_cast<float2*>(dx + i);
        const float2 before = mode == kGradAdd ? *target : make_float2(0.0f, 0.0f);
        *target = mode == kGradAdd ? make_float2(before.x + sums.x, before.y + sums.y) : sums;
    });
}

extern "C" __global__ void __launch_bounds__(kNarrowRealThreads, kNarrowRealBlocks) conv_input_grad_mma32(
    const float* __restrict__ dy, const float* __restrict__ w, float* __restrict__ dx, ConvGeometry g, uint32_t mode)
{
    transposed<NarrowRealPixels>(dy, w, dx, g, mode);
}

extern "C" __global__ void __launch_bounds__(kRealThreads, kRealBlocks) conv_input_grad_mma64(
    const float* __restrict__ dy, const float* __restrict__ w, float* __restrict__ dx, ConvGeometry g, uint32_t mode)
{
    transposed<RealPixels>(dy, w, dx, g, mode);
}
