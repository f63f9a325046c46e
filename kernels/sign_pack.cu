// sign_pack: bits = x < 0, packed along the channels.
// x [R,C], bits [R,words(C)]; one warp a word, one lane a channel. Courbariaux et al., arXiv 1602.02830.
#include "bits.cuh"
#include "index.cuh"
#include "launch_order.cuh"

constexpr uint32_t kBlock = 256; // 8 words

extern "C" __global__ void __launch_bounds__(kBlock) sign_pack(
    const float* __restrict__ x, // [R,C]
    uint32_t* __restrict__ bits, // [R,words(C)]
    uint32_t rows, uint32_t channels)
{
    start_in_turn();
    const uint32_t lane = threadIdx.x % kBitsPerWord, words = words_of(channels);
    const uint32_t word = (uint32_t)(global_index() / kBitsPerWord), row = word / words, channel = word % words * kBitsPerWord + lane;
    const bool inside = row < rows && channel < channels; // the ballot wants the whole warp, so no thread returns
    const bool negative = inside && is_negative(x[(uint64_t)row * channels + channel]);
    const uint32_t packed = __ballot_sync(0xFFFFFFFFu, negative);
    if (lane == 0 && row < rows)
        bits[word] = packed;
}
