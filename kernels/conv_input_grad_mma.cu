// conv_input_grad on tensor cores, for channels of a multiple of 8: by the channels of x that a block takes, 32 or 64.
// dy [N,OH,OW,O], w [O,K,K,I], dx [N,H,W,I].
#include "launch_order.cuh"
#include "real_conv_mma.cuh"

extern "C" __global__ void __launch_bounds__(kNarrowRealThreads, kNarrowRealBlocks) conv_input_grad_mma32(
    const float* __restrict__ dy, const float* __restrict__ w, float* __restrict__ dx, ConvGeometry g, uint32_t mode)
{
    start_in_turn();
    real_input_grad<InTwoParts, NarrowRealPixels>(dy, w, dx, g, mode);
}

extern "C" __global__ void __launch_bounds__(kRealThreads, kRealBlocks) conv_input_grad_mma64(
    const float* __restrict__ dy, const float* __restrict__ w, float* __restrict__ dx, ConvGeometry g, uint32_t mode)
{
    start_in_turn();
    real_input_grad<InTwoParts, RealPixels>(dy, w, dx, g, mode);
}
