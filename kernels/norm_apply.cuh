// The last pass of batch norm forward: y = gamma inv_std (z - mean) + beta [+ shortcut], and the signs of y, packed. Four channels of a
// pixel a thread, again and again those channels, for a power of two of them, 16 to 1024.
#pragma once
#include "bits.cuh"
#include "rectified.cuh"
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

// Four channels of a row of a padded one: of its channels a multiple of four is added on both sides.
__device__ __forceinline__ Quad read_padded(const NormShortcut& shortcut, uint32_t row, uint32_t channel, uint32_t channels)
{
    const uint32_t own = channel - (channels - shortcut.channels) / 2; // wraps below, and is then above
    if (own >= shortcut.channels)
        return {};
    const uint32_t oh = (shortcut.h + 1) / 2, ow = (shortcut.w + 1) / 2, line = row / ow;
    const uint32_t source = (line / oh * shortcut.h + line % oh * 2) * shortcut.w + row % ow * 2;
    return read_quad(shortcut.values + (uint64_t)source * shortcut.channels + own);
}

// Where z comes from: what is read of it, and what that becomes. The counts of a binary convolution,
struct CountValues
{
    using Raw = Counts;

    const int16_t* counts; // [R,C]
    float layer;           // the scale of its weights

    __device__ __forceinline__ Raw read(uint64_t at) const { return read_counts(counts + at); }
    __device__ __forceinline__ Quad z(const Raw& n) const
    {
        return {{unit_z(layer, n.n[0]), unit_z(layer, n.n[1]), unit_z(layer, n.n[2]), unit_z(layer, n.n[3])}};
    }
};

// or real numbers.
struct RealValues
{
    using Raw = Quad;

    const float* x; // [R,C]
    uint32_t rectify;

    __device__ __forceinline__ Raw read(uint64_t at) const { return read_quad(x + at); }
    __device__ __forceinline__ Quad z(const Raw& q) const
    {
        return {{rectified(q.value[0], rectify), rectified(q.value[1], rectify), rectified(q.value[2], rectify),
            rectified(q.value[3], rectify)}};
    }
};

// Packs the signs of the lanes that share a word, four bits each.
__device__ __forceinline__ uint32_t pack_lanes(uint32_t four, uint32_t lane, uint32_t lanes)
{
    uint32_t word = four << (kQuad * lane);
    for (uint32_t other = 1; other < lanes; other *= 2)
        word |= __shfl_xor_sync(0xFFFFFFFFu, word, (int32_t)other);
    return word;
}

// A thread's four channels.
struct AppliedQuad
{
    float factor[kQuad], mean[kQuad], offset[kQuad];

    __device__ __forceinline__ Quad value(const Quad& z) const
    {
        Quad v;
#pragma unroll
        for (uint32_t i = 0; i < kQuad; i++)
            v.value[i] = factor[i] * (z.value[i] - mean[i]) + offset[i];
        return v;
    }
};

__device__ __forceinline__ AppliedQuad applied_quad(const AppliedNorm& norm, uint32_t channel)
{
    AppliedQuad quad;
#pragma unroll
    for (uint32_t i = 0; i < kQuad; i++)
    {
        const float d = norm.deviation[channel + i], inverse = norm.evaluate != 0 ? 1.0f / sqrtf(d + norm.epsilon) : d;
        quad.factor[i] = norm.gamma == nullptr ? inverse : norm.gamma[channel + i] * inverse;
        quad.mean[i] = norm.mean[channel + i];
        quad.offset[i] = norm.beta == nullptr ? 0.0f : norm.beta[channel + i];
    }
    return quad;
}

// Rows that a block of kApplyBlock threads takes: as many as its threads hold at a time from `first` on, then those `step` further on.
// Rows of 16 channels at least, so that no number here wraps.
struct AppliedRows
{
    uint32_t first, step, end;
};

// What is added to some rows, which there are.
template <uint32_t kAtOnce>
__device__ __forceinline__ void read_shortcut(
    const NormShortcut& shortcut, const uint32_t (&row)[kAtOnce], uint32_t channel, uint32_t channels, Quad (&more)[kAtOnce])
{
    if (shortcut.channels == 0)
    {
#pragma unroll
        for (uint32_t n = 0; n < kAtOnce; n++)
            more[n] = read_quad(shortcut.values + (uint64_t)row[n] * channels + channel);
    }
    else
    {
#pragma unroll
        for (uint32_t n = 0; n < kAtOnce; n++)
            more[n] = read_padded(shortcut, row[n], channel, channels);
    }
}

__device__ __forceinline__ uint32_t negative_bits(const Quad& values)
{
    uint32_t bits = 0;
#pragma unroll
    for (uint32_t i = 0; i < kQuad; i++)
        bits |= (is_negative(values.value[i]) ? 1u : 0u) << i;
    return bits;
}

// Of y and its signs either may be null. A thread has kAtOnce rows on their way at once.
template <uint32_t kAtOnce, class Values>
__device__ __forceinline__ void apply_norm(const Values& values, const AppliedNorm& norm, const NormShortcut& shortcut, float* y,
    uint32_t* y_bits, const AppliedRows& rows, uint32_t channels)
{
    const uint32_t quads = channels / kQuad, quad = threadIdx.x % quads, channel = quad * kQuad;
    const uint32_t lanes = channels < kBitsPerWord ? quads : kBitsPerWord / kQuad, lane = quad % lanes;
    const AppliedQuad applied = applied_quad(norm, channel);
    // Every thread goes as often as the block's first, for the lanes of a word meet; past the end it reads the last row.
    for (uint32_t first = rows.first; first < rows.end; first += kAtOnce * rows.step)
    {
        uint32_t own[kAtOnce], row[kAtOnce];
        typename Values::Raw raw[kAtOnce];
#pragma unroll
        for (uint32_t n = 0; n < kAtOnce; n++)
        {
            own[n] = first + n * rows.step + threadIdx.x / quads;
            row[n] = own[n] < rows.end ? own[n] : rows.end - 1;
            raw[n] = values.read((uint64_t)row[n] * channels + channel);
        }
        Quad more[kAtOnce] = {};
        if (shortcut.values != nullptr)
            read_shortcut(shortcut, row, channel, channels, more);
#pragma unroll
        for (uint32_t n = 0; n < kAtOnce; n++)
        {
            const bool exists = own[n] < rows.end;
            Quad v = applied.value(values.z(raw[n]));
            if (shortcut.values != nullptr)
#pragma unroll
                for (uint32_t i = 0; i < kQuad; i++)
                    v.value[i] += more[n].value[i];
            if (exists && y != nullptr)
                write_quad(y + (uint64_t)own[n] * channels + channel, v);
            if (y_bits == nullptr)
                continue;
            const uint32_t word = pack_lanes(negative_bits(v), lane, lanes);
            if (exists && lane == 0)
                y_bits[(uint64_t)own[n] * words_of(channels) + channel / kBitsPerWord] = word;
        }
    }
}

// All rows, by the blocks of a grid in turn.
template <class Values>
__device__ __forceinline__ void apply_norm(const Values& values, const AppliedNorm& norm, const NormShortcut& shortcut, float* y,
    uint32_t* y_bits, uint32_t rows, uint32_t channels)
{
    const uint32_t block_rows = kApplyBlock / (channels / kQuad);
    apply_norm<1>(values, norm, shortcut, y, y_bits, {blockIdx.x * block_rows, gridDim.x * block_rows, rows}, channels);
}
