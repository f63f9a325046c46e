// shortcut_pad: option A shortcut of the CIFAR ResNets (He et al., arXiv 1512.03385, section 4.2): y[n,p,q,c + offset] = x[n,2p,2q,c], zero
// in the other channels; offset = (CO - C) / 2.
// shortcut_pad_backward: dx[n,2p,2q,c] = dy[n,p,q,c + offset], zero at odd rows and columns.
// x, dx [N,H,W,C], y, dy [N,ceil(H/2),ceil(W/2),CO].
#include "grad_mode.cuh"
#include "index.cuh"
#include "launch_order.cuh"

constexpr uint32_t kBlock = 256;

extern "C" __global__ void __launch_bounds__(kBlock) shortcut_pad(
    const float* __restrict__ x, // [N,H,W,C]
    float* __restrict__ y,       // [N,ceil(H/2),ceil(W/2),CO]
    uint32_t n, uint32_t h, uint32_t w, uint32_t c, uint32_t co)
{
    start_in_turn();
    const uint32_t oh = (h + 1) / 2, ow = (w + 1) / 2, offset = (co - c) / 2;
    const uint64_t i = global_index();
    if (i >= (uint64_t)n * oh * ow * co)
        return;
    const uint32_t pixel = (uint32_t)i / co, channel = (uint32_t)i % co - offset; // wraps below the offset, and is then above c
    const uint32_t q = pixel % ow, p = pixel / ow % oh;
    const uint64_t image = pixel / ow / oh;
    y[i] = channel < c ? x[((image * h + 2 * p) * w + 2 * q) * c + channel] : 0.0f;
}

extern "C" __global__ void __launch_bounds__(kBlock) shortcut_pad_backward(
    const float* __restrict__ dy, // [N,ceil(H/2),ceil(W/2),CO]
    float* __restrict__ dx,       // [N,H,W,C]
    uint32_t n, uint32_t h, uint32_t w, uint32_t c, uint32_t co, uint32_t mode)
{
    start_in_turn();
    const uint32_t oh = (h + 1) / 2, ow = (w + 1) / 2, offset = (co - c) / 2;
    const uint64_t i = global_index();
    if (i >= (uint64_t)n * h * w * c)
        return;
    const uint32_t pixel = (uint32_t)i / c, channel = (uint32_t)i % c, column = pixel % w, row = pixel / w % h;
    const uint64_t image = pixel / w / h;
    const bool kept = row % 2 == 0 && column % 2 == 0;
    put(&dx[i], kept ? dy[((image * oh + row / 2) * ow + column / 2) * co + channel + offset] : 0.0f, mode);
}
