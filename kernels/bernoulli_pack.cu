// bernoulli_pack: bits = x < (2 r + 1) / 65536 - 1, packed along the channels, r sixteen random bits: -1 with the probability
// 1 - clip((x + 1) / 2, 0, 1), the hard sigmoid (Courbariaux et al., arXiv 1602.02830).
// x [R,C], bits [R,words(C)]; one warp a word, one lane a channel; item_rows rows are an image's or a filter's. Element e of its item has
// half (e % 128) / 64 of word (e % 64) / 16 of Philox block e / 128 * 16 + e % 16, which a lane makes for itself: it depends on nothing but
// the counters, the place of the image and the layer.
#include "bits.cuh"
#include "index.cuh"
#include "launch_order.cuh"
#include "philox.cuh"

constexpr uint32_t kBlock = 256; // 8 words
constexpr uint32_t kGroup = 128; // elements that share kRun neighbouring blocks
constexpr uint32_t kRun = 16;    // elements side by side in one word of each

// What an element is compared with; exact in single precision.
__device__ __forceinline__ float draw_bound(const int64_t* counters, uint32_t item, uint32_t element, uint32_t elements, uint32_t stream,
    uint32_t per_image)
{
    const uint32_t own = element / kGroup * kRun + element % kRun, item_blocks = (elements + kGroup - 1) / kGroup * kRun;
    const uint32_t place = (uint32_t)counters[0] + (per_image != 0 ? item : 0), block = per_image != 0 ? own : item * item_blocks + own;
    const PhiloxBlock b = philox((uint64_t)counters[2], stream, (uint32_t)counters[1], (uint64_t)place << 32 | block);
    const uint32_t at = element % (kGroup / 2) / kRun;
    const uint32_t word = at == 0 ? b.x : at == 1 ? b.y : at == 2 ? b.z : b.w;
    const uint32_t r = element % kGroup < kGroup / 2 ? word & 0xFFFFu : word >> 16;
    return (float)(int32_t)(2 * r + 1) * (1.0f / 65536.0f) - 1.0f;
}

extern "C" __global__ void __launch_bounds__(kBlock) bernoulli_pack(
    const float* __restrict__ x,          // [R,C]
    const int64_t* __restrict__ counters, // [3]: cursor, epoch, seed
    uint32_t* __restrict__ bits,          // [R,words(C)]
    uint32_t rows, uint32_t channels, uint32_t item_rows, uint32_t stream, uint32_t per_image)
{
    start_in_turn();
    const uint32_t lane = threadIdx.x % kBitsPerWord, words = words_of(channels);
    const uint32_t word = (uint32_t)(global_index() / kBitsPerWord), row = word / words, channel = word % words * kBitsPerWord + lane;
    const bool inside = row < rows && channel < channels; // the ballot wants the whole warp, so no thread returns
    bool negative = false;
    if (inside)
    {
        const uint32_t element = row % item_rows * channels + channel;
        const float bound = draw_bound(counters, row / item_rows, element, item_rows * channels, stream, per_image);
        negative = x[(uint64_t)row * channels + channel] < bound;
    }

    const uint32_t packed = __ballot_sync(0xFFFFFFFFu, negative);
    if (lane == 0 && row < rows)
        bits[word] = packed;
}
