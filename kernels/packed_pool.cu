// Windows of a packed network, docs/packed-format.md: packed_max_pool and packed_max_pool_signs, the largest number, or the sign of it,
// where what lies outside never wins; packed_average_pool, a mean of windows that meet, summed in double row by row, divided and rounded
// once.
#include "bits.cuh"
#include "conv_geometry.cuh"
#include "index.cuh"
#include "launch_order.cuh"

constexpr uint32_t kBlock = 256;

extern "C" __global__ void __launch_bounds__(kBlock) packed_max_pool(
    const float* __restrict__ x, // [N,H,W,C]
    float* __restrict__ y,       // [N,OH,OW,C]
    ConvGeometry g)              // of windows; its i and o are C
{
    start_in_turn();
    const uint64_t at = global_index();
    if (at >= (uint64_t)g.n * g.oh * g.ow * g.o)
        return;
    const uint32_t c = (uint32_t)at % g.o;
    const Window window = input_window(g, (uint32_t)at / g.o);
    float largest = -INFINITY;
    for (uint32_t a = 0; a < g.k; a++)
        for (uint32_t b = 0; b < g.k; b++)
        {
            uint32_t index;
            if (input_pixel(g, window, a, b, index))
                largest = fmaxf(largest, x[(uint64_t)index * g.i + c]);
        }
    y[at] = largest;
}

extern "C" __global__ void __launch_bounds__(kBlock) packed_max_pool_signs(
    const uint32_t* __restrict__ x_bits, // [N,H,W,words(C)]
    uint32_t* __restrict__ signs,        // [N,OH,OW,words(C)]
    ConvGeometry g)                      // of windows; its i and o are C
{
    start_in_turn();
    const uint32_t words = words_of(g.o);
    const uint64_t at = global_index();
    if (at >= (uint64_t)g.n * g.oh * g.ow * words)
        return;
    const Window window = input_window(g, (uint32_t)at / words);
    uint32_t all = 0xFFFFFFFFu;
    for (uint32_t a = 0; a < g.k; a++)
        for (uint32_t b = 0; b < g.k; b++)
        {
            uint32_t index;
            if (input_pixel(g, window, a, b, index))
                all &= x_bits[(uint64_t)index * words + (uint32_t)at % words];
        }
    signs[at] = all;
}

extern "C" __global__ void __launch_bounds__(kBlock) packed_average_pool(
    const float* __restrict__ x, // [N,H,W,C]
    float* __restrict__ y,       // [N,H / rows,W / columns,C]
    uint32_t n, uint32_t h, uint32_t w, uint32_t c, uint32_t rows, uint32_t columns)
{
    start_in_turn();
    const uint32_t wide = w / columns, high = h / rows;
    const uint64_t at = global_index();
    if (at >= (uint64_t)n * high * wide * c)
        return;
    const uint32_t pixel = (uint32_t)at / c, line = pixel / wide;
    const uint32_t first = (line / high * h + line % high * rows) * w + pixel % wide * columns;
    double sum = 0.0;
    for (uint32_t a = 0; a < rows; a++)
        for (uint32_t b = 0; b < columns; b++)
            sum += (double)x[(uint64_t)(first + a * w + b) * c + (uint32_t)at % c];
    y[at] = (float)(sum / (double)(rows * columns));
}
