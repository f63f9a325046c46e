// The last pass of batch norm forward: y = gamma inv_std (z - mean) + beta [+ shortcut], and the signs of y, packed. Four channels of a
// pixel a thread, again and again those channels, for a power of two of them, 16 to 1024.
#pragma once
#include "bits.cuh"
#include "unit_values.cuh"
#include <math.h>

constexpr uint32_t kApplyBlock = 256;

// Parameters and statistics, all [C].
struct AppliedNorm
{
    const float *gamma, *beta;      // or null
    const float *mean, *deviation;  // 1 / deviation, or in evaluation the variance
    uint32_t evaluate;
    float epsilon;
};

// What is added after batch norm: [R,C] as it is, or, where channels is not 0, x [N,H,W,channels] of an option A shortcut
// (shortcut_pad.cu).
struct NormShortcut
{
    const float* values; // null for nothing
    uint32_t h, w, channels;
};

// Four channels of a row of it; of a padded one a multiple of four is added on both sides.
__device__ __forceinline__ Quad read_shortcut(const NormShortcut& shortcut, uint64_t row, uint32_t channel, uint32_t channels)
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

// z_at(flat index) gives z of four channels. Of y and its signs either may be null.
template <class Values>
__device__ __forceinline__ void apply_norm(const Values& z_at, const AppliedNorm& norm, const NormShortcut& shortcut, float* y,
    uint32_t* y_bits, uint32_t rows, uint32_t channels)
{
    const uint32_t quads = channels / kQuad, quad = threadIdx.x % quads, channel = quad * kQuad;
    const uint32_t lanes = channels < kBitsPerWord ? quads : kBitsPerWord / kQuad, lane = quad % lanes;
    float factor[kQuad], m[kQuad], offset[kQuad];
#pragma unroll
    for (uint32_t i = 0; i < kQuad; i++)
    {
        const float d = norm.deviation[channel + i], inverse = norm.evaluate != 0 ? 1.0f / sqrtf(d + norm.epsilon) : d;
        factor[i] = norm.gamma == nullptr ? inverse : norm.gamma[channel + i] * inverse;
        m[i] = norm.mean[channel + i];
        offset[i] = norm.beta == nullptr ? 0.0f : norm.beta[channel + i];
    }

    const uint32_t block_rows = kApplyBlock / quads;
    // Every thread goes as often as the block's first, for the lanes of a word meet.
    for (uint64_t first = (uint64_t)blockIdx.x * block_rows; first < rows; first += (uint64_t)gridDim.x * block_rows)
    {
        const uint64_t row = first + threadIdx.x / quads, at = row * channels + channel;
        uint32_t negative = 0;
        if (row < rows)
        {
            const Quad z = z_at(at);
            Quad v;
#pragma unroll
            for (uint32_t i = 0; i < kQuad; i++)
                v.value[i] = factor[i] * (z.value[i] - m[i]) + offset[i];
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

        if (y_bits == nullptr)
            continue;
        const uint32_t word = pack_lanes(negative, lane, lanes);
        if (row < rows && lane == 0)
            y_bits[row * words_of(channels) + channel / kBitsPerWord] = word;
    }
}
