// conv: y = x convolved with w. conv_input_grad: dx = dy convolved with w, transposed.
// conv_weight_grad: the first pass of dw[o,tap,i] = sum over pixels of dy * x at the tap, slice by slice; slice_sum is the second.
// conv_weight_grad_of_norm: the same, where y goes into a batch norm and nobody else wants the gradient of y: it is found on the way.
// x [N,H,W,I], w [O,K,K,I], y [N,OH,OW,O]; derivation in notes/conv.md.
#include "conv_tile.cuh"
#include "grad_mode.cuh"
#include "launch_order.cuh"
#include "norm_gradient.cuh"
#include "weight_grad.cuh"

constexpr uint32_t kBlock = kTileThreads;

extern "C" __global__ void __launch_bounds__(kBlock) conv(
    const float* __restrict__ x, // [N,H,W,I]
    const float* __restrict__ w, // [O,K,K,I]
    float* __restrict__ y,       // [N,OH,OW,O]
    ConvGeometry g)
{
    start_in_turn();
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
    start_in_turn();
    ConvSums sums;
    convolve<Transposed>(g, dy, RealWeights{w}, sums);
    store_sums<Transposed>(g, sums, [&](uint64_t i, float sum) { put(&dx[i], sum, mode); });
}

extern "C" __global__ void __launch_bounds__(kBlock) conv_weight_grad(
    const float* __restrict__ dy, // [N,OH,OW,O]
    const float* __restrict__ x,  // [N,H,W,I]
    float* __restrict__ partial,  // [slices,O,K,K,I]
    ConvGeometry g, uint32_t slice_pixels)
{
    start_in_turn();
    add_up_slice(g, StoredGradient{dy}, RealInput{x}, slice_pixels, partial);
}

extern "C" __global__ void __launch_bounds__(kBlock) conv_weight_grad_of_norm(
    const float* __restrict__ dy,      // [N,OH,OW,O]: gradient of the batch norm's result
    const float* __restrict__ y,       // [N,OH,OW,O]: what it took
    const float* __restrict__ gamma,   // [O] or null
    const float* __restrict__ mean,    // [O]
    const float* __restrict__ inv_std, // [O]
    const float* __restrict__ dgamma,  // [O]
    const float* __restrict__ dbeta,   // [O]
    const float* __restrict__ x,       // [N,H,W,I]
    float* __restrict__ partial,       // [slices,O,K,K,I]
    ConvGeometry g, uint32_t slice_pixels, uint32_t rectify)
{
    start_in_turn();
    const NormGradient gradient = {dy, y, gamma, mean, inv_std, dgamma, dbeta, 1.0f / (float)(g.n * g.oh * g.ow), rectify};
    add_up_slice(g, gradient, RealInput{x}, slice_pixels, partial);
}
