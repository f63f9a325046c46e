// binary_conv_weight_grad on tensor cores, for 3 x 3 filters and x of a multiple of 8 channels, by what a block takes: 16 filters and 16
// channels of x, or 32 of each. dy [N,OH,OW,O], x_bits [N,H,W,words(I)], partial [slices,O,K,K,I].
#include "launch_order.cuh"
#include "weight_grad_mma.cuh"

extern "C" __global__ void __launch_bounds__(kNarrowThreads, 3) binary_conv_weight_grad_mma16(
    const float* __restrict__ dy, const uint32_t* __restrict__ x_bits, float* __restrict__ partial, ConvGeometry g, PixelTile tile,
    uint32_t tiles, uint32_t slice_tiles)
{
    start_in_turn();
    weight_grad_slice<Narrow>(g, tile, tiles, slice_tiles, StoredGradient{dy}, x_bits, partial);
}

extern "C" __global__ void __launch_bounds__(kWideThreads, 2) binary_conv_weight_grad_mma32(
    const float* __restrict__ dy, const uint32_t* __restrict__ x_bits, float* __restrict__ partial, ConvGeometry g, PixelTile tile,
    uint32_t tiles, uint32_t slice_tiles)
{
    start_in_turn();
    weight_grad_slice<Wide>(g, tile, tiles, slice_tiles, StoredGradient{dy}, x_bits, partial);
}
