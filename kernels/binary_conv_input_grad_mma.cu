// binary_conv_input_grad on tensor cores, for dy of a multiple of 16 channels and x of a multiple of 8: by the width of x that a block
// takes, 16, 32 or 64 channels. dy [N,OH,OW,O], w_bits [O,K,K,words(I)], scale [1] or null for 1, x and dx [N,H,W,I].
#include "grad_mode.cuh"
#include "input_grad_mma.cuh"
#include "slopes.cuh"

constexpr uint32_t kBlock = kInputGradThreads;

template <uint32_t kColumnTiles>
__device__ __forceinline__ void input_grad(const float* dy, const uint32_t* w_bits, const float* scale, const float* x,
    const float* slope_parameters, float* dx, const ConvGeometry& g, const PixelTile& tile, uint32_t slope_kind, uint32_t mode)
{
    __shared__ InputGradShared shared;
    const InputGradPlace place = input_grad_place(g, tile);
    list_halo(g, tile, place, shared.source);
    InputGradSums<kColumnTiles> sums;
    input_grad_sums<kColumnTiles>(g, tile, place, dy, w_bits, shared, sums);
    const float factor = scale == nullptr ? 1.0f : *scale;
    with_slope(slope_kind, slope_parameters, [&](const auto& slope)
    {
        store_input_grad<kColumnTiles>(g, tile, place, sums, [&](uint64_t i, float first, float second)
        {
            const float2 at = *reinterpret_cast<const float2*>(x + i);
            float2* target = reinterpret_cast<float2*>(dx + i);
            float2 v = make_float2(slope(at.x) * factor * first, slope(at.y) * factor * second);
            if (mode == kGradAdd)
                v = make_float2(target->x + v.x, target->y + v.y);
            *target = v;
        });
    });
}

extern "C" __global__ void __launch_bounds__(kBlock, 1) binary_conv_input_grad_mma16(
    const float* __restrict__ dy, const uint32_t* __restrict__ w_bits, const float* __restrict__ scale, const float* __restrict__ x,
    const float* __restrict__ slope_parameters, float* __restrict__ dx, ConvGeometry g, PixelTile tile, uint32_t slope_kind, uint32_t mode)
{
    input_grad<16 / kMmaColumns>(dy, w_bits, scale, x, slope_parameters, dx, g, tile, slope_kind, mode);
}

extern "C" __global__ void __launch_bounds__(kBlock, 1) binary_conv_input_grad_mma32(
    const float* __restrict__ dy, const uint32_t* __restrict__ w_bits, const float* __restrict__ scale, const float* __restrict__ x,
    const float* __restrict__ slope_parameters, float* __restrict__ dx, ConvGeometry g, PixelTile tile, uint32_t slope_kind, uint32_t mode)
{
    input_grad<32 / kMmaColumns>(dy, w_bits, scale, x, slope_parameters, dx, g, tile, slope_kind, mode);
}

extern "C" __global__ void __launch_bounds__(kBlock, 1) binary_conv_input_grad_mma64(
    const float* __restrict__ dy, const uint32_t* __restrict__ w_bits, const float* __restrict__ scale, const float* __restrict__ x,
    const float* __restrict__ slope_parameters, float* __restrict__ dx, ConvGeometry g, PixelTile tile, uint32_t slope_kind, uint32_t mode)
{
    input_grad<64 / kMmaColumns>(dy, w_bits, scale, x, slope_parameters, dx, g, tile, slope_kind, mode);
}
