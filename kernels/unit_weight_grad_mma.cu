// The weight gradient of a binary unit: binary_conv_weight_grad on tensor cores, of a gradient that is found from the unit's on the way,
// for the same channels. dy and counts [N,OH,OW,O], scale [1], gamma (or null), mean, inv_std, dgamma, dbeta [O], partial [slices,O,K,K,I].
#include "launch_order.cuh"
#include "weight_grad_mma.cuh"

extern "C" __global__ void __launch_bounds__(kNarrowThreads, 3) unit_weight_grad_mma16(
    const float* __restrict__ dy, const int16_t* __restrict__ counts, const float* __restrict__ scale, const float* __restrict__ gamma,
    const float* __restrict__ mean, const float* __restrict__ inv_std, const float* __restrict__ dgamma, const float* __restrict__ dbeta,
    const uint32_t* __restrict__ x_bits, float* __restrict__ partial, ConvGeometry g, PixelTile tile, uint32_t tiles, uint32_t slice_tiles)
{
    start_in_turn();
    const UnitGradient gradient = {dy, counts, scale, gamma, mean, inv_std, dgamma, dbeta, 1.0f / (float)(g.n * g.oh * g.ow)};
    weight_grad_slice<Narrow>(g, tile, tiles, slice_tiles, gradient, x_bits, partial);
}

extern "C" __global__ void __launch_bounds__(kWideThreads, 2) unit_weight_grad_mma32(
    const float* __restrict__ dy, const int16_t* __restrict__ counts, const float* __restrict__ scale, const float* __restrict__ gamma,
    const float* __restrict__ mean, const float* __restrict__ inv_std, const float* __restrict__ dgamma, const float* __restrict__ dbeta,
    const uint32_t* __restrict__ x_bits, float* __restrict__ partial, ConvGeometry g, PixelTile tile, uint32_t tiles, uint32_t slice_tiles)
{
    start_in_turn();
    const UnitGradient gradient = {dy, counts, scale, gamma, mean, inv_std, dgamma, dbeta, 1.0f / (float)(g.n * g.oh * g.ow)};
    weight_grad_slice<Wide>(g, tile, tiles, slice_tiles, gradient, x_bits, partial);
}
