// The last step of the sums of a batch norm's backward pass, dbeta = sum dy and dgamma = sum dy xhat: what blocks have added up, in the
// order of their numbers, by the last block of them.
#pragma once
#include <stdint.h>

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
