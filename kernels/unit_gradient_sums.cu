// The sums of a binary unit's backward pass: dbeta = sum dy, dgamma = sum dy xhat, xhat = (z - mean) inv_std, as
// batch_norm_parameter_grad finds them: each block adds up its share of the rows in double, the last blocks the blocks' sums in their
// order. A thread takes four channels of a row. For a power of two of channels, 16 to 1024.
#include "gradient_sums.cuh"
#include "launch_order.cuh"
#include "unit_values.cuh"

constexpr uint32_t kBlock = 256;
constexpr uint32_t kAhead = 4; // rows that a thread has on their way

extern "C" __global__ void __launch_bounds__(kBlock, 2) unit_gradient_sums(
    const float* __restrict__ dy,       // [R,C]
    const int16_t* __restrict__ counts, // [R,C]
    const float* __restrict__ scale,    // [1]
    const float* __restrict__ mean,     // [C]
    const float* __restrict__ inv_std,  // [C]
    double* partial,                    // [blocks,2,C]
    uint32_t* tickets,                  // of gradient_sums.cuh
    float* __restrict__ dgamma,         // [C]
    float* __restrict__ dbeta,          // [C]
    uint32_t rows, uint32_t channels)
{
    start_in_turn();
    const uint32_t quads = channels / kQuad, channel = threadIdx.x % quads * kQuad, block_rows = kBlock / quads;
    const float layer = *scale;
    const Quad m = read_quad(mean + channel);
    double sums[2][kQuad] = {};
    const uint64_t stride = (uint64_t)gridDim.x * block_rows;
    // What is missing is read from the first row, and counts nothing. No branch stands between loads and sums: past one the compiler would
    // move the loads, and each would wait for the one before.
    for (uint64_t row = (uint64_t)blockIdx.x * block_rows + threadIdx.x / quads; row < rows; row += kAhead * stride)
    {
        Quad d[kAhead];
        Counts n[kAhead];
#pragma unroll
        for (uint32_t j = 0; j < kAhead; j++)
        {
            const uint64_t at = row + j * stride < rows ? (row + j * stride) * channels + channel : channel;
            d[j] = read_quad(dy + at);
            n[j] = read_counts(counts + at);
        }
#pragma unroll
        for (uint32_t j = 0; j < kAhead; j++)
            add_terms(d[j], n[j], layer, m, row + j * stride < rows, sums);
    }

    store_gradient_sums<kBlock>(sums, quads, channels, partial);
    finish_gradient_sums<kBlock>({partial, tickets, inv_std, dgamma, dbeta, channels}, blockIdx.x, gridDim.x, 0, channels);
}
