// The input gradient of a binary unit: binary_conv_input_grad on tensor cores, of a gradient that is found from the unit's on the way, for
// the same channels. dy and counts [N,OH,OW,O], scale [1], gamma (or null), mean, inv_std, dgamma, dbeta [O], x and dx [N,H,W,I]; x is null
// where it is found from the unit before.
#include "input_grad_mma.cuh"
#include "launch_order.cuh"

extern "C" __global__ void __launch_bounds__(kInputGradThreads, kInputGradBlocks) unit_input_grad_mma16(
    const float* __restrict__ dy, const int16_t* __restrict__ counts, const float* __restrict__ scale, const float* __restrict__ gamma,
    const float* __restrict__ mean, const float* __restrict__ inv_std, const float* __restrict__ dgamma, const float* __restrict__ dbeta,
    const uint32_t* __restrict__ w_bits, const float* __restrict__ x, const float* __restrict__ slope_parameters, float* __restrict__ dx,
    PreviousUnit previous, PaddedGradient padded, ConvGeometry g, PixelTile tile, uint32_t tiles, uint32_t slope_kind, uint32_t mode)
{
    start_in_turn();
    const UnitGradient gradient = {dy, counts, scale, gamma, mean, inv_std, dgamma, dbeta, 1.0f / (float)(g.n * g.oh * g.ow)};
    const InputGradResult result = {scale, x, slope_parameters, dx, slope_kind, mode, padded};
    input_grad<InputGradTile<16>>(g, tile, tiles, gradient, w_bits, result, previous);
}

extern "C" __global__ void __launch_bounds__(kInputGradThreads, kInputGradBlocks) unit_input_grad_mma32(
    const float* __restrict__ dy, const int16_t* __restrict__ counts, const float* __restrict__ scale, const float* __restrict__ gamma,
    const float* __restrict__ mean, const float* __restrict__ inv_std, const float* __restrict__ dgamma, const float* __restrict__ dbeta,
    const uint32_t* __restrict__ w_bits, const float* __restrict__ x, const float* __restrict__ slope_parameters, float* __restrict__ dx,
    PreviousUnit previous, PaddedGradient padded, ConvGeometry g, PixelTile tile, uint32_t tiles, uint32_t slope_kind, uint32_t mode)
{
    start_in_turn();
    const UnitGradient gradient = {dy, counts, scale, gamma, mean, inv_std, dgamma, dbeta, 1.0f / (float)(g.n * g.oh * g.ow)};
    const InputGradResult result = {scale, x, slope_parameters, dx, slope_kind, mode, padded};
    input_grad<InputGradTile<32>>(g, tile, tiles, gradient, w_bits, result, previous);
}

extern "C" __global__ void __launch_bounds__(kWideInputGradThreads, kWideInputGradBlocks) unit_input_grad_mma64(
    const float* __restrict__ dy, const int16_t* __restrict__ counts, const float* __restrict__ scale, const float* __restrict__ gamma,
    const float* __restrict__ mean, const float* __restrict__ inv_std, const float* __restrict__ dgamma, const float* __restrict__ dbeta,
    const uint32_t* __restrict__ w_bits, const float* __restrict__ x, const float* __restrict__ slope_parameters, float* __restrict__ dx,
    PreviousUnit previous, PaddedGradient padded, ConvGeometry g, PixelTile tile, uint32_t tiles, uint32_t slope_kind, uint32_t mode)
{
    start_in_turn();
    const UnitGradient gradient = {dy, counts, scale, gamma, mean, inv_std, dgamma, dbeta, 1.0f / (float)(g.n * g.oh * g.ow)};
    const InputGradResult result = {scale, x, slope_parameters, dx, slope_kind, mode, padded};
    input_grad<InputGradTile<64>>(g, tile, tiles, gradient, w_bits, result, previous);
}
