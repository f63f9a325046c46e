// Packed signs as the bf16 numbers +1 and -1 in the registers of a matrix instruction, two instructions a register.
#pragma once
#include <stdint.h>

constexpr uint32_t kOnes = 0x3F803F80u;  // 1.0 twice
constexpr uint32_t kMinus = 0x80008000u; // their sign bits

// The bits of 16 channels of two rows side by side: channels 16 half ... of the first row below, of the second above.
__device__ __forceinline__ uint32_t side_by_side(uint32_t first, uint32_t second, uint32_t half)
{
#ifdef RESTE_EMULATOR
    return (first >> 16 * half & 0xFFFFu) | second >> 16 * half << 16;
#else
    return __byte_perm(first, second, half == 0 ? 0x5410 : 0x7632);
#endif
}

// The sign of channel c of 16 in both rows, as two numbers of bf16. Where `shown` is not all ones, numbers are 0 instead.
__device__ __forceinline__ uint32_t signs_at(uint32_t pair, uint32_t c, uint32_t shown = 0xFFFFFFFFu)
{
    return (pair << (15 - c) & (kMinus & shown)) | (kOnes & shown);
}
