// Philox 4x32-10 (Salmon et al., SC 2011): random words as a pure function of key and counter.
#pragma once
#include <stdint.h>

constexpr uint32_t kPhiloxMultiplierA = 0xD2511F53u, kPhiloxMultiplierB = 0xCD9E8D57u;
constexpr uint32_t kPhiloxWeylA = 0x9E3779B9u, kPhiloxWeylB = 0xBB67AE85u;
constexpr uint32_t kPhiloxRounds = 10;
constexpr uint32_t kStreamAugmentation = 3; // RandomStream.Augmentation of the engine

struct PhiloxBlock
{
    uint32_t x, y, z, w;
};

// The block of a stream under a seed for one (epoch, index).
__device__ __forceinline__ PhiloxBlock philox(uint64_t seed, uint32_t stream, uint32_t epoch, uint64_t index)
{
    PhiloxBlock c = {(uint32_t)index, (uint32_t)(index >> 32), epoch, stream};
    uint32_t key_a = (uint32_t)seed, key_b = (uint32_t)(seed >> 32);
    for (uint32_t round = 0; round < kPhiloxRounds; round++)
    {
        const uint32_t high_a = __umulhi(kPhiloxMultiplierA, c.x), low_a = kPhiloxMultiplierA * c.x;
        const uint32_t high_b = __umulhi(kPhiloxMultiplierB, c.z), low_b = kPhiloxMultiplierB * c.z;
        c = {high_b ^ c.y ^ key_a, low_b, high_a ^ c.w ^ key_b, low_a};
        key_a += kPhiloxWeylA;
        key_b += kPhiloxWeylB;
    }

    return c;
}

// Maps a word to [0, bound) by multiply and shift.
__device__ __forceinline__ uint32_t philox_below(uint32_t word, uint32_t bound)
{
    return __umulhi(word, bound);
}
