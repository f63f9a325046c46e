// Copies from device memory into shared memory that need no register on the way and that a thread does not wait for: as many are under way
// as it has asked for. Once finish_copies has returned, the thread may read what it has copied itself; others after a barrier.
#pragma once
#include <stdint.h>
#include <string.h>

// 4, 8 or 16 bytes, both addresses a multiple of as many.
template <uint32_t kBytes>
__device__ __forceinline__ void copy_async(void* shared, const void* source)
{
    static_assert(kBytes == 4 || kBytes == 8 || kBytes == 16, "what the instruction takes");
#ifdef RESTE_EMULATOR
    memcpy(shared, source, kBytes);
#else
    const uint32_t target = (uint32_t)__cvta_generic_to_shared(shared);
    // Past the first-level cache, where 16 bytes allow it: what is copied is in shared memory then.
    if constexpr (kBytes == 16)
        asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(target), "l"(source) : "memory");
    else
        asm volatile("cp.async.ca.shared.global [%0], [%1], %2;" ::"r"(target), "l"(source), "n"(kBytes) : "memory");
#endif
}

__device__ __forceinline__ void finish_copies()
{
#ifndef RESTE_EMULATOR
    asm volatile("cp.async.wait_all;" ::: "memory");
#endif
}
