// The last steps of the sums of a batch norm's backward pass, dbeta = sum dy and dgamma = sum dy xhat: those of a block's threads, then, by
// the last block, what all have left, in the order of their numbers.
#pragma once
#include "unit_values.cuh"
#include <stdint.h>

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

// All threads of the block take part: as many as there are share a number's blocks. channels and kThreads are powers of two. The second
// sums are of dy (z - mean), so inv_std makes xhat of them.
template <uint32_t kThreads>
__device__ __forceinline__ void finish_gradient_sums(const double* partial, // [blocks,2,channels]
    uint32_t blocks, const float* inv_std, float* dgamma, float* dbeta, uint32_t channels)
{
    __shared__ double shares[kThreads];
    const uint32_t numbers = 2 * channels, width = numbers < kThreads ? numbers : kThreads, parts = kThreads / width;
    for (uint32_t first = 0; first < numbers; first += width)
    {
        const uint32_t number = first + threadIdx.x % width, part = threadIdx.x / width;
        double sum = 0.0;
#pragma unroll 16
        for (uint32_t block = part; block < blocks; block += parts)
            sum += partial[(uint64_t)block * numbers + number];
        __syncthreads();
        shares[threadIdx.x] = sum;
        __syncthreads();
        if (part != 0)
            continue;
        for (uint32_t other = 1; other < parts; other++)
            sum += shares[other * width + threadIdx.x];
        if (number < channels)
            dbeta[number] = (float)sum;
        else
            dgamma[number - channels] = (float)(sum * inv_std[number - channels]);
    }
}
