// packed_finish: what a packed network does with each number, docs/packed-format.md, and its sign.
// x [R,C], which y may be; the rest as packed_result.cuh has it. A warp a word of signs, a lane a channel.
#include "index.cuh"
#include "launch_order.cuh"
#include "packed_result.cuh"

constexpr uint32_t kBlock = 256; // 8 words

extern "C" __global__ void __launch_bounds__(kBlock) packed_finish(
    const float* x, PackedFinish finish, uint32_t rows, uint32_t channels)
{
    start_in_turn();
    const uint32_t lane = threadIdx.x % kBitsPerWord, words = words_of(channels);
    const uint32_t word = (uint32_t)(global_index() / kBitsPerWord), row = word / words, c = word % words * kBitsPerWord + lane;
    const bool inside = row < rows && c < channels; // the ballot wants the whole warp, so no thread returns
    float value = 0.0f;
    if (inside)
    {
        const uint64_t i = (uint64_t)row * channels + c;
        value = finished(finish, x[i], c, i);
        if (finish.y != nullptr)
            finish.y[i] = value;
    }

    const uint32_t packed = __ballot_sync(0xFFFFFFFFu, is_negative(value));
    if (finish.signs != nullptr && lane == 0 && row < rows)
        finish.signs[word] = packed;
}
