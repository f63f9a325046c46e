// advance: moves a pass's cursor past the batch just done.
#include "launch_order.cuh"
#include <stdint.h>

constexpr uint32_t kBlock = 32; // one thread works; a block is at least a warp

extern "C" __global__ void __launch_bounds__(kBlock) advance(
    int64_t* __restrict__ counters, // [3]: cursor, epoch, seed
    uint32_t count)
{
    start_in_turn();
    if (threadIdx.x == 0)
        counters[0] += count;
}
