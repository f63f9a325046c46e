// The second half of a binary unit forward: y = gamma inv_std (z - mean) + beta [+ shortcut] of the counts that unit_conv_mma left, and the
// signs of y, packed. A thread takes four channels of a pixel, again and again those channels. For a power of two of channels, 16 to 1024.
#include "bits.cuh"
#include "unit_values.cuh"
#include <math.h>

constexpr uint32_t kBlock = 256;

// What is added: [R,C] as it is, or, where channels is not 0, x [N,H,W,channels] of an option A shortcut (shortcut_pad.cu).
struct UnitShortcut
{
    const float* values; // null for nothing
    uint32_t h, w, channels;
};

// Four channels of a row of it; of a padded one a multiple of four is added on both sides.
__device__ __forceinline__ Quad read_shortcut(const UnitShortcut& shortcut, uint64_t row, uint32_t channel, uint32_t channels)
{
    if (shortcut.channels == 0)
        return read_quad(shortcut.values + row * channels + channel);
    const uint32_t own = channel - (channels - shortcut.channels) / 2; // wraps below, and is then above
    if (own >= shortcut.channels)
        return {};
    const uint32_t oh = (shortcut.h + 1) / 2, ow = (shortcut.w + 1) / 2, pixel = (uint32_t)row, line = pixel / ow;
    const uint32_t source = (line / oh * shortcut.h + line % oh * 2) * shortcut.w + pixel % ow * 2;
    return read_quad(shortcut.values + (uint64_t)source * shortcut.channels + own);
}

// Packs the signs of the lanes that share a word, four bits each.
__device__ __forceinline__ uint32_t pack_lanes(uint32_t four, uint32_t lane, uint32_t lanes)
{
    uint32_t word = four << (kQuad * lane);
    for (uint32_t other = 1; other < lanes; other *= 2)
        word |= __shfl_xor_sync(0xFFFFFFFFu, word, (int32_t)other);
    return word;
}

extern "C" __global__ void __launch_bounds__(kBlock) unit_apply(
    const int16_t* __restrict__ counts,  // [R,C]
    const float* __restrict__ scale,     // [1]
    const float* __restrict__ gamma,     // [C] or null
    const float* __restrict__ beta,      // [C] or null
    const float* __restrict__ mean,      // [C]
    const float* __restrict__ deviation, // [C]: 1 / deviation, or in evaluation the variance
    float* __restrict__ y,               // [R,C], or null where its signs are all that is wanted
    uint32_t* __restrict__ y_bits,       // [R,words(C)]
    UnitShortcut shortcut, uint32_t rows, uint32_t channels, uint32_t evaluate, float epsilon)
{
    const uint32_t quads = channels / kQuad, quad = threadIdx.x % quads, channel = quad * kQuad;
    const uint32_t lanes = channels < kBitsPerWord ? quads : kBitsPerWord / kQuad, lane = quad % lanes;
    float factor[kQuad], m[kQuad], offset[kQuad];
#pragma unroll
    for (uint32_t i = 0; i < kQuad; i++)
    {
        const float d = deviation[channel + i], inverse = evaluate != 0 ? 1.0f / sqrtf(d + epsilon) : d;
        factor[i] = gamma == nullptr ? inverse : gamma[channel + i] * inverse;
        m[i] = mean[channel + i];
        offset[i] = beta == nullptr ? 0.0f : beta[channel + i];
    }

    const float layer = *scale;
    const uint32_t block_rows = kBlock / quads;
    // Every thread goes as often as the block's first, for the lanes of a word meet.
    for (uint64_t first = (uint64_t)blockIdx.x * block_rows; first < rows; first += (uint64_t)gridDim.x * block_rows)
    {
        const uint64_t row = first + threadIdx.x / quads, at = row * channels + channel;
        uint32_t negative = 0;
        if (row < rows)
        {
            const Counts n = read_counts(counts + at);
            Quad v;
#pragma unroll
            for (uint32_t i = 0; i < kQuad; i++)
                v.value[i] = factor[i] * (unit_z(layer, n.n[i]) - m[i]) + offset[i];
            if (shortcut.values != nullptr)
            {
                const Quad more = read_shortcut(shortcut, row, channel, channels);
#pragma unroll
                for (uint32_t i = 0; i < kQuad; i++)
                    v.value[i] += more.value[i];
            }
            if (y != nullptr)
                write_quad(y + at, v);
#pragma unroll
            for (uint32_t i = 0; i < kQuad; i++)
                negative |= (is_negative(v.value[i]) ? 1u : 0u) << i;
        }

        const uint32_t word = pack_lanes(negative, lane, lanes);
        if (row < rows && lane == 0)
            y_bits[row * words_of(channels) + channel / kBitsPerWord] = word;
    }
}
