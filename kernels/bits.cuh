// How signs are packed, and nowhere else: 32 channels a word, channel c in bit c % 32 of word c / 32. A set bit means value < 0, so sign(0)
// = sign(-0) = +1 and NaN packs as +1. The unused bits of a row's last word are zero.
#pragma once
#include <stdint.h>

constexpr uint32_t kBitsPerWord = 32;

__device__ __forceinline__ uint32_t words_of(uint32_t channels)
{
    return (channels + kBitsPerWord - 1) / kBitsPerWord;
}

__device__ __forceinline__ bool is_negative(float value)
{
    return value < 0.0f;
}

// +1 or -1: the sign of one channel in a row of words.
__device__ __forceinline__ float sign_at(const uint32_t* row, uint32_t channel)
{
    const uint32_t bit = row[channel / kBitsPerWord] >> (channel % kBitsPerWord) & 1u;
    return bit != 0 ? -1.0f : 1.0f;
}

// Channels in which two words differ: for +-1 vectors of K channels the dot product is K - 2 times this.
__device__ __forceinline__ uint32_t differing(uint32_t a, uint32_t b)
{
    return (uint32_t)__popc(a ^ b);
}
