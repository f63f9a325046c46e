// The count n of notes/binary_conv.md, word by word: what every faster form of it is compared with.
#pragma once
#include "bits.cuh"
#include "conv_geometry.cuh"

// n of one output value.
__device__ __forceinline__ int32_t signed_count(const ConvGeometry& g, const uint32_t* x, const uint32_t* filter, const Window& window)
{
    const uint32_t words = words_of(g.i);
    uint32_t products = 0, different = 0;
    for (uint32_t a = 0; a < g.k; a++)
        for (uint32_t b = 0; b < g.k; b++, filter += words)
        {
            uint32_t index;
            if (!input_pixel(g, window, a, b, index))
                continue;
            products += g.i;
            for (uint32_t word = 0; word < words; word++)
                different += differing(x[(uint64_t)index * words + word], filter[word]);
        }

    return (int32_t)products - 2 * (int32_t)different;
}
