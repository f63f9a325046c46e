// The last steps of the sums of a batch norm's backward pass, dbeta = sum dy and dgamma = sum dy xhat: those of a block's threads, then
// what all blocks have left, in the order of their numbers: first of some blocks that follow each other, by the last of these to finish,
// then of all such groups. One block alone would read what hundreds have left, and nothing else would go on meanwhile.
#pragma once
#include "last_block.cuh"
#include "unit_values.cuh"
#include <stdint.h>

// Adds dy and dy (z - mean) of a row's four channels, where there is such a row, to a thread's sums.
__device__ __forceinline__ void add_terms(
    const Quad& dy, const Counts& counts, float layer, const Quad& mean, bool exists, double (&sums)[2][kQuad])
{
#pragma unroll
    for (uint32_t i = 0; i < kQuad; i++)
    {
        const float own = exists ? dy.value[i] : 0.0f;
        sums[0][i] += own;
        sums[1][i] += (double)own * (unit_z(layer, counts.n[i]) - mean.value[i]);
    }
}

// Adds up the threads of a block that have the same four channels, those a multiple of quads apart, into the block's place.
template <uint32_t kThreads>
__device__ __forceinline__ void store_gradient_sums(double (&sums)[2][kQuad], uint32_t quads, uint32_t channels, double* partial)
{
    __shared__ double others[kThreads][2][kQuad];
    for (uint32_t half = kThreads / 2; half >= quads; half /= 2)
    {
        __syncthreads();
        if (threadIdx.x >= half && threadIdx.x < 2 * half)
            for (uint32_t s = 0; s < 2; s++)
                for (uint32_t i = 0; i < kQuad; i++)
                    others[threadIdx.x][s][i] = sums[s][i];
        __syncthreads();
        if (threadIdx.x < half)
#pragma unroll
            for (uint32_t s = 0; s < 2; s++)
#pragma unroll
                for (uint32_t i = 0; i < kQuad; i++)
                    sums[s][i] += others[threadIdx.x + half][s][i];
    }

    if (threadIdx.x < quads)
#pragma unroll
        for (uint32_t s = 0; s < 2; s++)
#pragma unroll
            for (uint32_t i = 0; i < kQuad; i++)
                partial[((uint64_t)blockIdx.x * 2 + s) * channels + threadIdx.x * kQuad + i] = sums[s][i];
}

// What blocks have left, and where it goes. The second sums are of dy (z - mean), so inv_std makes xhat of them.
struct GradientSums
{
    double* partial;      // [blocks,2,channels]
    uint32_t* tickets;    // 0 before and after: for every part of the channels one, and one for each group of blocks
    const float* inv_std; // [channels]
    float *dgamma, *dbeta;
    uint32_t channels;
};

// Gives use(which, channel, sum) the sums of the rows first, first + step, ... of partial, for the channels of a part. Several rows are on
// their way at once.
template <uint32_t kThreads, class Use>
__device__ __forceinline__ void add_rows(
    const GradientSums& of, uint32_t channel, uint32_t width, uint32_t first, uint32_t step, uint32_t rows, const Use& use)
{
    constexpr uint32_t kAhead = 8;
    __shared__ double shares[kThreads];
    const uint32_t numbers = 2 * width, lanes = numbers < kThreads ? numbers : kThreads, parts = kThreads / lanes;
    for (uint32_t start = 0; start < numbers; start += lanes)
    {
        const uint32_t number = start + threadIdx.x % lanes, part = threadIdx.x / lanes, which = number / width;
        const uint32_t own = channel + number % width;
        const bool exists = own < of.channels;
        const double* from = of.partial + ((uint64_t)first * 2 + which) * of.channels + (exists ? own : 0u);
        double sum = 0.0;
        for (uint32_t row = part; row < rows; row += kAhead * parts)
        {
            double value[kAhead];
#pragma unroll
            for (uint32_t j = 0; j < kAhead; j++)
            {
                const uint32_t at = row + j * parts < rows ? row + j * parts : 0u; // a load for each in any case, none waits for another
                value[j] = from[(uint64_t)at * step * 2 * of.channels];
            }
#pragma unroll
            for (uint32_t j = 0; j < kAhead; j++)
                sum += row + j * parts < rows ? value[j] : 0.0;
        }
        __syncthreads();
        shares[threadIdx.x] = sum;
        __syncthreads();
        if (part != 0 || !exists)
            continue;
        for (uint32_t other = 1; other < parts; other++)
            sum += shares[other * lanes + threadIdx.x];
        use(which, own, sum);
    }
}

// All threads of a block take part, once the block has left its sums of `width` channels from `channel` on as row `block` of as many.
// channels, width and kThreads are powers of two.
template <uint32_t kThreads>
__device__ __forceinline__ void finish_gradient_sums(
    const GradientSums& of, uint32_t block, uint32_t blocks, uint32_t channel, uint32_t width)
{
    // About as many groups as a group has blocks.
    uint32_t group = 8;
    while (group * group < blocks)
        group += 8;
    const uint32_t groups = (blocks + group - 1) / group, number = block / group, first = number * group;
    const uint32_t of_group = blocks - first < group ? blocks - first : group;
    uint32_t* tickets = of.tickets + channel / width * (groups + 1);
    if (!is_last_block(tickets + 1 + number, of_group))
        return;
    if (groups > 1)
    {
        add_rows<kThreads>(of, channel, width, first, 1, of_group, [&](uint32_t which, uint32_t own, double sum)
        {
            of.partial[((uint64_t)first * 2 + which) * of.channels + own] = sum;
        });
        if (!is_last_block(tickets, groups))
            return;
    }

    add_rows<kThreads>(of, channel, width, 0, groups > 1 ? group : 1, groups > 1 ? groups : blocks,
        [&](uint32_t which, uint32_t own, double sum)
        {
            if (which == 0)
                of.dbeta[own] = (float)sum;
            else
                of.dgamma[own] = (float)(sum * of.inv_std[own]);
        });
}
