// How launches take turns where a grid may start while the one before it still runs: programmatic dependent launch, compute capability 9.0
// and later. Every entry begins with start_in_turn(), before it touches memory. Launched in the ordinary way, or compiled for an older GPU,
// that does nothing.
#pragma once
#include "for_host.cuh"

// Only in images whose kernels wait: the host asks each image for it before it launches a kernel of it early.
#if defined(RESTE_EMULATOR) || __CUDA_ARCH__ >= 900
FOR_HOST(waits_for_launch_before, 1)
#endif

// Until every block of the launch before has ended and what it wrote can be read.
__device__ __forceinline__ void wait_for_launch_before()
{
#if !defined(RESTE_EMULATOR) && __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

// The next grid starts once every block of this one has said so or has ended: never while a block of this one still looks for a place.
__device__ __forceinline__ void let_next_launch_start()
{
#if !defined(RESTE_EMULATOR) && __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.launch_dependents;");
#endif
}

// The one rule for all entries. First the wait, so that a grid that has ended stands for all before it too: each waited for its own, and a
// grid need only wait for one. Then at once the word to the next: its blocks come to lie in places that this grid's last wave leaves empty,
// and hold nobody up while they wait; they could begin no work of their own earlier, for all of it needs what this grid writes. One grid
// ahead at most, for the next says it only when this one has ended.
__device__ __forceinline__ void start_in_turn()
{
    wait_for_launch_before();
    let_next_launch_start();
}
