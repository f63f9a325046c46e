// The pointwise slopes h(x) that stand in for the derivative of sign in the backward pass: one file a slope, one row a slope in this table.
// A row has the slope's number, which is SlopeKind.Number of the engine, its name there, which is its file's, and its type.
#pragma once
#include "slopes/approx_sign.cuh"
#include "slopes/clipped.cuh"
#include "slopes/dsq.cuh"
#include "slopes/ede.cuh"
#include "slopes/exste.cuh"
#include "slopes/fourier.cuh"
#include "slopes/identity.cuh"
#include "slopes/rbnn.cuh"
#include "slopes/reste.cuh"
#include "slopes/sign_swish.cuh"
#include <stdint.h>

#define SLOPES(ROW) \
    ROW(0, identity, IdentitySlope) \
    ROW(1, clipped, ClippedSlope) \
    ROW(2, reste, ResteSlope) \
    ROW(3, approx_sign, ApproxSignSlope) \
    ROW(4, sign_swish, SignSwishSlope) \
    ROW(5, ede, EdeSlope) \
    ROW(6, dsq, DsqSlope) \
    ROW(7, rbnn, RbnnSlope) \
    ROW(8, fourier, FourierSlope) \
    ROW(9, exste, ExsteSlope)

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
