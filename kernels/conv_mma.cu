// conv on tensor cores, for channels of a multiple of 8: by the channels of y that a block takes, 32 or 64.
// x [N,H,W,I], w [O,K,K,I], y [N,OH,OW,O].
#include "launch_order.cuh"
#include "real_conv_mma.cuh"

extern "C" __global__ void __launch_bounds__(kNarrowRealThreads, kNarrowRealBlocks) conv_mma32(
    const float* __restrict__ x, const float* __restrict__ w, float* __restrict__ y, ConvGeometry g)
{
    start_in_turn();
    real_forward<InThreeParts, NarrowRealPixels>(x, w, y, g);
}

extern "C" __global__ void __launch_bounds__(kRealThreads, kRealBlocks) conv_mma64(
    const float* __restrict__ x, const float* __restrict__ w, float* __restrict__ y, ConvGeometry g)
{
    start_in_turn();
    real_forward<InThreeParts, RealPixels>(x, w, y, g);
}
