// The sums of a binary unit's backward pass: dbeta = sum dy, dgamma = sum dy xhat, xhat = (z - mean) inv_std, as
// batch_norm_parameter_grad finds them: each block adds up its share of the rows in double, the last block the blocks' sums in their
// order. A thread takes four channels of a row. For a power of two of channels, 16 to 1024.
#include "gradient_sums.cuh"
#include "last_block.cuh"
#include "launch_order.cuh"
#include "unit_values.cuh"

constexpr uint32_t kBlock = 256;

extern "C" __global__ void __launch_bounds__(kBlock, 2) unit_gradient_sums(
    const float* __restrict__ dy,       // [R,C]
    const int16_t* __restrict__ counts, // [R,C]
    const float* __restrict__ scale,    // [1]
    const float* __restrict__ mean,     // [C]
    const float* __restrict__ inv_std,  // [C]
    double* partial,                    // [blocks,2,C]
    uint32_t* ticket,                   // [1], 0 before and after
    float* __restrict__ dgamma,         // [C]
    float* __restrict__ dbeta,          // [C]
    uint32_t rows, uint32_t channels)
{
    start_in_turn();
    const uint32_t quads = channels / kQuad, channel = threadIdx.x % quads * kQuad, block_rows = kBlock / quads;
    const float layer = *scale;
    float m[kQuad];
#pragma unroll
    for (uint32_t i = 0; i < kQuad; i++)
        m[i] = mean[channel + i];
    double sums[2][kQuad] = {};
#pragma unroll 2
    for (uint64_t row = (uint64_t)blockIdx.x * block_rows + threadIdx.x / quads; row < rows; row += (uint64_t)gridDim.x * block_rows)
    {
        const Quad d = read_quad(dy + row * channels + channel);
        const Counts n = read_counts(counts + row * channels + channel);
#pragma unroll
        for (uint32_t i = 0; i < kQuad; i++)
        {
            sums[0][i] += d.value[i];
            sums[1][i] += (double)d.value[i] * (unit_z(layer, n.n[i]) - m[i]);
        }
    }

    store_gradient_sums<kBlock>(sums, quads, channels, partial);
    if (is_last_block(ticket))
        finish_gradient_sums<kBlock>(partial, gridDim.x, inv_std, dgamma, dbeta, channels);
}
