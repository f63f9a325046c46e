// binary_conv_input_grad on tensor cores, for dy of a multiple of 16 channels and x of a multiple of 8: by the width of x that a block
// takes, 16, 32 or 64 channels. dy [N,OH,OW,O], w_bits [O,K,K,words(I)], scale [1] or null for 1, x and dx [N,H,W,I].
#include "input_grad_mma.cuh"
#include "launch_order.cuh"

extern "C" __global__ void __launch_bounds__(kInputGradThreads, kInputGradBlocks) binary_conv_input_grad_mma16(
    const float* __restrict__ dy, const uint32_t* __restrict__ w_bits, const float* __restrict__ scale, const float* __restrict__ x,
    const float* __restrict__ slope_parameters, float* __restrict__ dx, ConvGeometry g, PixelTile tile, uint32_t tiles, uint32_t slope_kind,
    uint32_t mode)
{
    start_in_turn();
    const InputGradResult result = {scale, x, slope_parameters, dx, slope_kind, mode};
    input_grad<InputGradTile<16>>(g, tile, tiles, StoredGradient{dy}, w_bits, result, NoPreviousUnit{});
}

extern "C" __global__ void __launch_bounds__(kInputGradThreads, kInputGradBlocks) binary_conv_input_grad_mma32(
    const float* __restrict__ dy, const uint32_t* __restrict__ w_bits, const float* __restrict__ scale, const float* __restrict__ x,
    const float* __restrict__ slope_parameters, float* __restrict__ dx, ConvGeometry g, PixelTile tile, uint32_t tiles, uint32_t slope_kind,
    uint32_t mode)
{
    start_in_turn();
    const InputGradResult result = {scale, x, slope_parameters, dx, slope_kind, mode};
    input_grad<InputGradTile<32>>(g, tile, tiles, StoredGradient{dy}, w_bits, result, NoPreviousUnit{});
}

extern "C" __global__ void __launch_bounds__(kWideInputGradThreads, kWideInputGradBlocks) binary_conv_input_grad_mma64(
    const float* __restrict__ dy, const uint32_t* __restrict__ w_bits, const float* __restrict__ scale, const float* __restrict__ x,
    const float* __restrict__ slope_parameters, float* __restrict__ dx, ConvGeometry g, PixelTile tile, uint32_t tiles, uint32_t slope_kind,
    uint32_t mode)
{
    start_in_turn();
    const InputGradResult result = {scale, x, slope_parameters, dx, slope_kind, mode};
    input_grad<InputGradTile<64>>(g, tile, tiles, StoredGradient{dy}, w_bits, result, NoPreviousUnit{});
}
