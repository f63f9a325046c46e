// What becomes of a number or a count of a packed network, in the words and the order of docs/packed-format.md: no two float32 operations
// are fused, products of float32 numbers are exact in double.
#pragma once
#include "bits.cuh"
#include "rectified.cuh"

// Activations; 0 for none.
constexpr uint32_t kRelu = 1;
constexpr uint32_t kHardTanh = 2;

// An activation, a normalisation, a value added, each where there is one, and where the result goes: numbers, signs, or both.
struct PackedFinish
{
    const float* mean;   // [C]; this and the next two null for no normalisation
    const float* factor; // [C]
    const float* shift;  // [C]
    const float* added;  // [R,C], or null
    float* y;            // [R,C], or null
    uint32_t* signs;     // [R,words(C)], or null
    uint32_t activation;
};

// What becomes of a number of channel c that is element i.
__device__ __forceinline__ float finished(const PackedFinish& finish, float value, uint32_t c, uint64_t i)
{
    value = rectified(value, finish.activation == kRelu);
    if (finish.activation == kHardTanh)
        value = value < -1.0f ? -1.0f : value > 1.0f ? 1.0f : value;
    if (finish.mean != nullptr)
        value = (float)((double)__fsub_rn(value, finish.mean[c]) * (double)finish.factor[c] + (double)finish.shift[c]);
    return finish.added == nullptr ? value : __fadd_rn(value, finish.added[i]);
}

// What becomes of counts: signs by their bounds, or numbers with no activation but ReLU, whose normalisation a file has such that a fused
// operation in float32 rounds as one in double does.
struct PackedResult
{
    const int32_t* bounds; // [C]: -1 where the count is at most this; null where it becomes a number
    const uint32_t* flips; // [words(C)]: set where it is -1 elsewhere
    const float* scale;    // [C]
    PackedFinish finish;
};

// What there is of one channel.
struct PackedChannel
{
    int32_t bound;
    bool is_flipped, gives_signs, is_normalised, is_rectified;
    float scale, mean, factor, shift;

    __device__ __forceinline__ PackedChannel(const PackedResult& result, uint32_t c) :
        bound(0), is_flipped(false), gives_signs(result.bounds != nullptr), is_normalised(result.finish.mean != nullptr),
        is_rectified(result.finish.activation == kRelu), scale(0.0f), mean(0.0f), factor(0.0f), shift(0.0f)
    {
        if (gives_signs)
        {
            bound = result.bounds[c];
            is_flipped = (result.flips[c / kBitsPerWord] >> c % kBitsPerWord & 1u) != 0;
            return;
        }
        scale = result.scale[c];
        if (!is_normalised)
            return;
        mean = result.finish.mean[c];
        factor = result.finish.factor[c];
        shift = result.finish.shift[c];
    }

    // Before anything is added.
    __device__ __forceinline__ float number(int32_t n) const
    {
        const float value = rectified(__fmul_rn(scale, (float)n), is_rectified);
        return is_normalised ? __fmaf_rn(__fsub_rn(value, mean), factor, shift) : value;
    }

    __device__ __forceinline__ bool is_negative_count(int32_t n) const { return (n <= bound) != is_flipped; }
};
