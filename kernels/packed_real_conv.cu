// packed_real_conv: y[n,p,q,o] = sum over taps and channels of x w + bias, of real numbers: products and sums in double, one after the
// other in the order row, column, channel, rounded once, as docs/packed-format.md has it; and what becomes of it. Taps in the zero padding
// add nothing. A linear layer is one with images of one pixel.
// x [N,H,W,I], w [K K I, O filled up to whole threads, and to words where signs are wanted], bias [O], or null for 0; the rest as
// packed_result.cuh has it.
#include "conv_geometry.cuh"
#include "for_host.cuh"
#include "launch_order.cuh"
#include "packed_result.cuh"

constexpr uint32_t kBlock = 128;
constexpr uint32_t kPixels = 2, kChannels = 8; // a thread: 16 sums, for which it loads 2 numbers and 8 weights; signs that fill a byte

FOR_HOST(packed_real_conv_pixels, kBlock * kPixels)
FOR_HOST(packed_real_conv_channels, kChannels)

extern "C" __global__ void __launch_bounds__(kBlock) packed_real_conv(const float* __restrict__ x, const double* __restrict__ w,
    const float* __restrict__ bias, PackedFinish finish, ConvGeometry g)
{
    start_in_turn();
    const uint32_t first = blockIdx.y * kChannels, outputs = gridDim.y * kChannels, all = g.n * g.oh * g.ow;
    const uint32_t start = blockIdx.x * kBlock * kPixels + threadIdx.x;
    Window window[kPixels];
    double sum[kPixels][kChannels] = {};
#pragma unroll
    for (uint32_t p = 0; p < kPixels; p++)
        window[p] = input_window(g, min(start + p * kBlock, all - 1));
    const double* weight = w + first;
    const uint32_t side = first < g.o ? g.k : 0; // past the last channel a word of signs is filled up
    for (uint32_t a = 0; a < side; a++)
        for (uint32_t b = 0; b < side; b++)
        {
            const float* pixel[kPixels];
            bool inside[kPixels];
#pragma unroll
            for (uint32_t p = 0; p < kPixels; p++)
            {
                uint32_t index;
                inside[p] = input_pixel(g, window[p], a, b, index);
                pixel[p] = x + (inside[p] ? (uint64_t)index * g.i : 0);
            }
            for (uint32_t i = 0; i < g.i; i++, weight += outputs)
            {
                double value[kPixels];
#pragma unroll
                for (uint32_t p = 0; p < kPixels; p++)
                    value[p] = inside[p] ? (double)pixel[p][i] : 0.0;
#pragma unroll
                for (uint32_t c = 0; c < kChannels; c++)
                    for (uint32_t p = 0; p < kPixels; p++)
                        sum[p][c] += value[p] * weight[c];
            }
        }
#pragma unroll
    for (uint32_t p = 0; p < kPixels; p++)
    {
        const uint32_t at = start + p * kBlock;
        if (at >= all)
            continue;
        uint32_t negative = 0;
#pragma unroll
        for (uint32_t c = 0; c < kChannels; c++)
        {
            if (first + c >= g.o)
                continue;
            const uint64_t i = (uint64_t)at * g.o + first + c;
            const float y = (float)(sum[p][c] + (bias == nullptr ? 0.0 : (double)bias[first + c]));
            const float value = finished(finish, y, first + c, i);
            negative |= (uint32_t)is_negative(value) << c;
            if (finish.y != nullptr)
                finish.y[i] = value;
        }
        if (finish.signs != nullptr)
            reinterpret_cast<uint8_t*>(finish.signs + (uint64_t)at * words_of(g.o))[blockIdx.y] = (uint8_t)negative;
    }
}
