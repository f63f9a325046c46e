// conv_weight_grad in tf32, which the option tf32 of the device asks for, by the filters that a block takes, 32 or 64.
// dy [N,OH,OW,O], x [N,H,W,I], partial [slices,O,K,K,I].
#include "launch_order.cuh"
#include "real_weight_grad_mma.cuh"

extern "C" __global__ void __launch_bounds__(kNarrowFilterThreads, kNarrowFilterBlocks) conv_weight_grad_tf32_narrow(
    const float* __restrict__ dy, const float* __restrict__ x, float* __restrict__ partial, ConvGeometry g, uint32_t slice_pixels)
{
    start_in_turn();
    real_weight_grad<InTf32, NarrowRealFilterTile>(g, dy, x, slice_pixels, partial);
}

extern "C" __global__ void __launch_bounds__(kFilterThreads, kFilterBlocks) conv_weight_grad_tf32_wide(
    const float* __restrict__ dy, const float* __restrict__ x, float* __restrict__ partial, ConvGeometry g, uint32_t slice_pixels)
{
    start_in_turn();
    real_weight_grad<InTf32, RealFilterTile>(g, dy, x, slice_pixels, partial);
}
