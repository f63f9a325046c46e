// What the input gradient of a binary unit knows of the unit before it, whose output its x is. Of that unit's counts it finds x again,
// where x is not stored, and, where dx is all of that output's gradient, the sums that unit's backward pass starts with.
#pragma once
#include "gradient_sums.cuh"
#include "unit_values.cuh"

// Nothing: x is stored, and its gradient's sums are another's business.
struct NoPreviousUnit
{
    static constexpr bool kIsKnown = false;
};

struct PreviousUnit
{
    static constexpr bool kIsKnown = true;

    const int16_t* counts; // [N,H,W,I], or null: as NoPreviousUnit
    const float* scale;    // [1]
    const float* gamma;    // [I] or null
    const float* beta;     // [I] or null
    const float* mean;     // [I]
    const float* inv_std;  // [I]
    double* partial;       // [blocks,2,I], or null where no sums are asked for
    uint32_t* tickets;     // of gradient_sums.cuh
    float* dgamma;         // [I]
    float* dbeta;          // [I]
};

// A channel of it; `scale` is the layer's.
struct PreviousChannel
{
    float mean, factor, offset;

    __device__ __forceinline__ float centred(float scale, int32_t n) const { return unit_z(scale, n) - mean; }

    // As unit_apply has it.
    __device__ __forceinline__ float value(float scale, int32_t n) const { return factor * centred(scale, n) + offset; }
};

__device__ __forceinline__ PreviousChannel channel_of(const PreviousUnit& unit, uint32_t i)
{
    const float inverse = unit.inv_std[i];
    return {unit.mean[i], unit.gamma == nullptr ? inverse : unit.gamma[i] * inverse, unit.beta == nullptr ? 0.0f : unit.beta[i]};
}
