// What compiled kernels need from the emulator: their place in the grid, and the places where threads meet.
#pragma once

#include "cuda_vectors.h"

#include <stddef.h>
#include <stdint.h>

#define RESTE_EXPORT __attribute__((visibility("default")))

namespace reste
{

// Where the running CUDA thread stands. One a host thread, rewritten whenever the emulator turns to another CUDA thread.
struct Position
{
    uint3 thread;
    uint3 block;
    uint3 block_size;
    uint3 grid_size;
};

// A meeting of lanes: what they exchange. The order is that of the names in report.cpp.
enum class WarpOperation : uint8_t
{
    ShuffleIndex,
    ShuffleDown,
    ShuffleXor,
    Ballot,
    Together,
};

// What a whole warp does at once, given what each of its 32 lanes brought.
using WarpFunction = void (*)(void* const* lanes);

// One `extern "C" __global__` entry of a compiled kernel file.
struct Kernel
{
    const char* name;
    unsigned max_threads;              // of __launch_bounds__, 1024 without
    size_t parameter_count;
    const size_t* parameter_sizes;     // bytes
    const size_t* parameter_alignments;
    void (*invoke)(void** arguments);  // runs one CUDA thread; arguments as in cuLaunchKernel
    const void* (*touch_shared)();     // makes the calling host thread's copy of the file's shared variables exist
};

} // namespace reste

extern "C"
{

// `__thread` with the initial-exec model: a read costs two loads. It needs room in the static thread-local block of the process,
// of which glibc keeps about a KiB for libraries loaded late, so the emulator's own thread-local variables have to stay few and small.
RESTE_EXPORT extern __thread reste::Position reste_position __attribute__((tls_model("initial-exec")));

// Waits for every thread of the block.
RESTE_EXPORT void reste_barrier(const char* file, int line);

// Waits for every lane of the mask; returns the value of the lane asked for, or the ballot.
RESTE_EXPORT uint64_t reste_warp_meeting(
    reste::WarpOperation operation, uint32_t mask, uint64_t value, uint32_t operand, int width, const char* file, int line);

// Waits for all 32 lanes, of which the last to arrive calls the function with what each brought.
RESTE_EXPORT void reste_warp_together(reste::WarpFunction function, void* own, const char* file, int line);

RESTE_EXPORT void reste_register_kernel(const reste::Kernel* kernel);

// A number in the kernels that the host reads from their image. The emulator itself has no use for it.
RESTE_EXPORT void reste_register_constant(const char* name, uint32_t value);

} // extern "C"
