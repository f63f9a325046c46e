// packed_sign_conv on tensor cores, for a multiple of 8 filters, one entry a form of the product: counts as xnor_mma.cuh finds them.
// x_bits [N,H,W,words(I)], w_bits [O,K,K,words(I)].
//
// The lanes of the product have a few channels of some pixels each. Counts go through shared memory, so that what follows has a channel a
// lane: its constants stay in registers, numbers of a pixel lie in line, and its signs are one ballot.
#include "launch_order.cuh"
#include "packed_result.cuh"
#include "xnor_mma.cuh"

constexpr uint32_t kBlock = kXnorThreads;
constexpr uint32_t kMostCount = 32767;        // fits 16 bits
constexpr uint32_t kCountRow = kFilters + 8;  // so that lanes which write rows two apart meet other banks
constexpr uint32_t kAhead = 8;                // pixels whose added values are on their way at once

FOR_HOST(packed_most_count, kMostCount)

// Of a warp's pixels and a block's filters.
struct PixelCounts
{
    int16_t of[kWarpPixels][kCountRow];
};

static_assert(kFilters == kBitsPerWord && kWarpPixels == 32, "a lane a channel, and a lane a pixel");

// Finishes the counts of a warp's pixels; each lane has the channel of its number.
__device__ __forceinline__ void finish_pixels(const ConvGeometry& g, const PackedResult& result, const PackedChannel& own, bool there,
    const PixelCounts& counts, uint32_t first, uint32_t pixels)
{
    const uint32_t lane = threadIdx.x % 32, channel = blockIdx.y * kFilters + lane;
    const float* added = result.finish.added;
    float* y = result.finish.y;
    uint32_t word = 0;
    for (uint32_t from = 0; from < pixels; from += kAhead)
    {
        float plus[kAhead] = {};
        if (added != nullptr)
#pragma unroll
            for (uint32_t j = 0; j < kAhead; j++)
                plus[j] = there && from + j < pixels ? __ldg(added + (uint64_t)(first + from + j) * g.o + channel) : 0.0f;
#pragma unroll
        for (uint32_t j = 0; j < kAhead; j++)
        {
            const int32_t n = counts.of[from + j][lane];
            float value = 0.0f;
            if (!own.gives_signs)
                value = added == nullptr ? own.number(n) : __fadd_rn(own.number(n), plus[j]);
            const bool negative = there && (own.gives_signs ? own.is_negative_count(n) : is_negative(value));
            const uint32_t packed = __ballot_sync(0xFFFFFFFFu, negative);
            word = lane == from + j ? packed : word;
            if (y != nullptr && there && from + j < pixels)
                y[(uint64_t)(first + from + j) * g.o + channel] = value;
        }
    }

    if (result.finish.signs != nullptr && lane < pixels)
        result.finish.signs[(uint64_t)(first + lane) * words_of(g.o) + blockIdx.y] = word;
}

template <class Form>
__device__ __forceinline__ void convolve(
    const ConvGeometry& g, const uint32_t* x_bits, const uint32_t* w_bits, const PackedResult& result)
{
    __shared__ XnorShared shared;
    __shared__ PixelCounts counts[kBlock / 32];
    const XnorTeam team = whole_block();
    prepare_words<Form>(g, team, w_bits, shared);
    const uint32_t channel = team.first_filter() + threadIdx.x % 32, end = all_pixels(g).end;
    const bool there = channel < g.o;
    const PackedChannel own(result, there ? channel : 0);
    PixelCounts& of_warp = counts[team.warp()];
    for (uint32_t first = blockIdx.x * kXnorPixels; first < end; first += gridDim.x * kXnorPixels)
    {
        const uint32_t first_of_warp = first + team.warp() * kWarpPixels;
        xnor_tile<Form, false>(g, team, x_bits, w_bits, {first, end}, shared,
            [&](uint32_t pixel, uint32_t, uint32_t at, int32_t n, int32_t next)
        {
            *reinterpret_cast<short2*>(&of_warp.of[pixel - first_of_warp][at - team.first_filter()]) =
                make_short2((int16_t)n, (int16_t)next);
        });
        __syncwarp();
        if (first_of_warp < end)
            finish_pixels(g, result, own, there, of_warp, first_of_warp, min(end - first_of_warp, kWarpPixels));
        __syncwarp();
    }
}

extern "C" __global__ void __launch_bounds__(kBlock, 4) packed_sign_conv_mma(
    const uint32_t* __restrict__ x_bits, const uint32_t* __restrict__ w_bits, PackedResult result, ConvGeometry g)
{
    start_in_turn();
    convolve<AndForm>(g, x_bits, w_bits, result);
}

extern "C" __global__ void __launch_bounds__(kBlock, 4) packed_sign_conv_mma_xor(
    const uint32_t* __restrict__ x_bits, const uint32_t* __restrict__ w_bits, PackedResult result, ConvGeometry g)
{
    start_in_turn();
    convolve<XorForm>(g, x_bits, w_bits, result);
}

extern "C" __global__ void __launch_bounds__(kBlock, 1) packed_sign_conv_mma_int8(
    const uint32_t* __restrict__ x_bits, const uint32_t* __restrict__ w_bits, PackedResult result, ConvGeometry g)
{
    start_in_turn();
    convolve<Int8Form>(g, x_bits, w_bits, result);
}
