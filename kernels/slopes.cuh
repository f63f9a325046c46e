// The pointwise slopes h(x) that stand in for the derivative of sign in the backward pass: one file a slope, one row a slope in this table.
// A row has the slope's number, which is SlopeKind.Number of the engine, its name there, which is its file's, and its type.
#pragma once
#include "slopes/clipped.cuh"
#include "slopes/identity.cuh"
#include "slopes/reste.cuh"
#include <stdint.h>

#define SLOPES(ROW) \
    ROW(0, identity, IdentitySlope) \
    ROW(1, clipped, ClippedSlope) \
    ROW(2, reste, ResteSlope)

// Calls use(slope) with the slope of a kind and its four parameters: the kind is resolved once, outside the loop in use.
template <class Use>
__device__ __forceinline__ void with_slope(uint32_t kind, const float* p, const Use& use)
{
    switch (kind)
    {
#define SLOPE_CASE(number, name, type) \
    case number: \
        use(type(p[0], p[1], p[2], p[3])); \
        return;
        SLOPES(SLOPE_CASE)
#undef SLOPE_CASE
    }
}
