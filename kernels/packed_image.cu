// packed_image: bytes of images as the numbers of a packed network, byte * scale, rounded, + shift, rounded; docs/packed-format.md.
// bytes [N,H,W,C], scale [C], shift [C], y [N,H,W,C]; count is N H W C.
#include "index.cuh"
#include "launch_order.cuh"

constexpr uint32_t kBlock = 256;

extern "C" __global__ void __launch_bounds__(kBlock) packed_image(const uint8_t* __restrict__ bytes, const float* __restrict__ scale,
    const float* __restrict__ shift, float* __restrict__ y, uint32_t count, uint32_t channels)
{
    start_in_turn();
    const uint64_t i = global_index();
    if (i >= count)
        return;
    const uint32_t c = (uint32_t)i % channels;
    y[i] = __fadd_rn(__fmul_rn((float)bytes[i], scale[c]), shift[c]);
}
