// conv: y = x convolved with w. conv_input_grad: dx = dy convolved with w, transposed. The weight gradient stands in weight_grad.cu.
// x [N,H,W,I], w [O,K,K,I], y [N,OH,OW,O]; derivation in notes/conv.md.
#include "conv_tile.cuh"
#include "grad_mode.cuh"

constexpr uint32_t kBlock = kTileThreads;

extern "C" __global__ void __launch_bounds__(kBlock) conv(
    const float* __restrict__ x, // [N,H,W,I]
    const float* __restrict__ w, // [O,K,K,I]
    float* __restrict__ y,       // [N,OH,OW,O]
    ConvGeometry g)
{
    ConvSums sums;
    convolve<Forward>(g, x, RealWeights{w}, sums);
    store_sums<Forward>(g, sums, [&](uint64_t i, float sum) { y[i] = sum; });
}

extern "C" __global__ void __launch_bounds__(kBlock) conv_input_grad(
    const float* __restrict__ dy, // [N,OH,OW,O]
    const float* __restrict__ w,  // [O,K,K,I]
    float* __restrict__ dx,       // [N,H,W,I]
    ConvGeometry g, uint32_t mode)
{
    ConvSums sums;
    convolve<Transposed>(g, dy, RealWeights{w}, sums);
    store_sums<Transposed>(g, sums, [&](uint64_t i, float sum) { put(&dx[i], sum, mode); });
}
