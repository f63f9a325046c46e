// max_pool: y[n,p,q,c] = max of x[n, p stride + i - padding, q stride + j - padding, c] over i, j < size; what lies outside counts as -inf.
// taps holds i size + j of the maximum, of equal ones the first. A NaN is larger than any number, and of several the last is kept: as
// PyTorch, whose comparison is `value > largest or value is NaN`.
// max_pool_backward: dx[n,r,s,c] = sum of dy over the windows whose tap is that pixel; a gather in a fixed order, so no atomics.
// x, dx [N,H,W,C]; y, dy, taps [N,OH,OW,C] with OH = (H + 2 padding - size) / stride + 1.
#include "grad_mode.cuh"
#include "index.cuh"
#include "launch_order.cuh"

constexpr uint32_t kBlock = 256;

// Windows along an axis.
__device__ __forceinline__ uint32_t windows(uint32_t length, uint32_t size, uint32_t stride, uint32_t padding)
{
    return (length + 2 * padding - size) / stride + 1;
}

// The first window along an axis that may reach a place, which has the padding added to it.
__device__ __forceinline__ uint32_t first_window(uint32_t place, uint32_t size, uint32_t stride)
{
    return place < size ? 0 : (place - size) / stride + 1;
}

extern "C" __global__ void __launch_bounds__(kBlock) max_pool(
    const float* __restrict__ x, // [N,H,W,C]
    uint8_t* __restrict__ taps,  // [N,OH,OW,C]
    float* __restrict__ y,       // [N,OH,OW,C]
    uint32_t n, uint32_t h, uint32_t w, uint32_t c, uint32_t size, uint32_t stride, uint32_t padding)
{
    start_in_turn();
    const uint32_t oh = windows(h, size, stride, padding), ow = windows(w, size, stride, padding);
    const uint64_t at = global_index();
    if (at >= (uint64_t)n * oh * ow * c)
        return;
    const uint32_t pixel = (uint32_t)at / c, channel = (uint32_t)at % c, q = pixel % ow, p = pixel / ow % oh;
    const float* image = x + (uint64_t)(pixel / ow / oh) * h * w * c + channel;
    float largest = 0.0f;
    uint32_t tap = size * size; // none yet
    for (uint32_t t = 0; t < size * size; t++)
    {
        const uint32_t row = p * stride + t / size - padding, column = q * stride + t % size - padding; // above h and w once they wrap
        if (row >= h || column >= w)
            continue;
        const float value = image[((uint64_t)row * w + column) * c];
        if (tap == size * size || value > largest || value != value)
        {
            largest = value;
            tap = t;
        }
    }
    y[at] = largest;
    taps[at] = (uint8_t)tap;
}

extern "C" __global__ void __launch_bounds__(kBlock) max_pool_backward(
    const float* __restrict__ dy,     // [N,OH,OW,C]
    const uint8_t* __restrict__ taps, // [N,OH,OW,C]
    float* __restrict__ dx,           // [N,H,W,C]
    uint32_t n, uint32_t h, uint32_t w, uint32_t c, uint32_t size, uint32_t stride, uint32_t padding, uint32_t mode)
{
    start_in_turn();
    const uint32_t oh = windows(h, size, stride, padding), ow = windows(w, size, stride, padding);
    const uint64_t at = global_index();
    if (at >= (uint64_t)n * h * w * c)
        return;
    const uint32_t pixel = (uint32_t)at / c, channel = (uint32_t)at % c;
    const uint32_t row = pixel / w % h + padding, column = pixel % w + padding;
    const uint64_t image = (uint64_t)(pixel / w / h) * oh;
    float sum = 0.0f;
    for (uint32_t p = first_window(row, size, stride); p < oh && p * stride <= row; p++)
        for (uint32_t q = first_window(column, size, stride); q < ow && q * stride <= column; q++)
        {
            const uint64_t from = ((image + p) * ow + q) * c + channel;
            if (taps[from] == (row - p * stride) * size + column - q * stride)
                sum += dy[from];
        }
    put(&dx[at], sum, mode);
}
