// packed_sign_conv: the counts n of a convolution of signs, as signed_count.cuh has them, and what becomes of them: packed_result.cuh.
// x_bits [N,H,W,words(I)], w_bits [O,K,K,words(I)]. A warp a word of signs, a lane a filter.
#include "index.cuh"
#include "launch_order.cuh"
#include "packed_result.cuh"
#include "signed_count.cuh"

constexpr uint32_t kBlock = 256; // 8 words

extern "C" __global__ void __launch_bounds__(kBlock) packed_sign_conv(
    const uint32_t* __restrict__ x_bits, const uint32_t* __restrict__ w_bits, PackedResult result, ConvGeometry g)
{
    start_in_turn();
    const uint32_t lane = threadIdx.x % kBitsPerWord, words = words_of(g.o);
    const uint64_t word = global_index() / kBitsPerWord;
    const uint32_t pixel = (uint32_t)(word / words), channel = (uint32_t)(word % words) * kBitsPerWord + lane;
    const bool there = word < (uint64_t)g.n * g.oh * g.ow * words;
    bool negative = false;
    if (there && channel < g.o) // the ballot wants the whole warp, so no thread returns
    {
        const int32_t n = signed_count(g, x_bits, w_bits + (uint64_t)channel * g.k * g.k * words_of(g.i), input_window(g, pixel));
        const PackedChannel own(result, channel);
        if (own.gives_signs)
            negative = own.is_negative_count(n);
        else
        {
            const uint64_t i = (uint64_t)pixel * g.o + channel;
            float value = own.number(n);
            if (result.finish.added != nullptr)
                value = __fadd_rn(value, result.finish.added[i]);
            negative = is_negative(value);
            if (result.finish.y != nullptr)
                result.finish.y[i] = value;
        }
    }

    const uint32_t packed = __ballot_sync(0xFFFFFFFFu, negative);
    if (result.finish.signs != nullptr && lane == 0 && there)
        result.finish.signs[word] = packed;
}
