// As what a matrix instruction multiplies real numbers. A part is a number of bf16, of 8 bits: two carry 16 bits of a number, high and
// middle, three all 24 of single precision, high, middle and low. Of the products of parts the smallest are left out:
//
//   gradients       two parts by two    h h + h m + m h                         2^-15 of a product is lost at most
//   forward         three by three      h h + h m + m h + m m + h l + l h       2^-24
//   signs           three by a sign     h s + m s + l s, for a sign is exact    nothing
//   on request      tf32 by tf32        one number of 11 bits for either        2^-10
//
// A forward pass decides signs and ReLUs, so it is taken as exactly as the plain kernels take it; a gradient decides nothing.
//
// A form makes operands of quads, four neighbours along the depth: to the left of two rows, an operand a part; to the right of a column.
// Whatever the order of the depth is in an operand, it is the same on both sides.
#pragma once
#include "mma.cuh"
#include "sign_parts.cuh"

// Rounds of 16 products after which sums leave the tensor cores, which cut off what they add to. Where all 24 bits are to be kept, after
// each: its small products are then added before there is anything large to cut them off from.
constexpr uint32_t kAlways = 1, kOften = 8;

// Quads of the rows 2 p and 2 p + 1.
struct QuadPair
{
    uint4 upper, lower;
};

// The operand of a column: two parts, or two halves of the depth, and what a third part needs besides.
struct RealRight
{
    uint4 pair;
    uint2 third;
};

// Four numbers in three parts of two registers each.
struct ThreeParts
{
    uint32_t part[3][2];
};

__device__ __forceinline__ ThreeParts three_parts(const uint4& v)
{
    ThreeParts parts;
    float2 first = make_float2(__uint_as_float(v.x), __uint_as_float(v.y));
    float2 second = make_float2(__uint_as_float(v.z), __uint_as_float(v.w));
#pragma unroll
    for (uint32_t i = 0; i < 3; i++)
    {
        parts.part[i][0] = bf16_pair(first.x, first.y);
        parts.part[i][1] = bf16_pair(second.x, second.y);
        first = bf16_rest(first.x, first.y, parts.part[i][0]);
        second = bf16_rest(second.x, second.y, parts.part[i][1]);
    }

    return parts;
}

__device__ __forceinline__ uint4 two_parts(const uint4& v)
{
    return bf16_parts(__uint_as_float(v.x), __uint_as_float(v.y), __uint_as_float(v.z), __uint_as_float(v.w));
}

// The left operands of three parts, high, middle and low.
__device__ __forceinline__ void three_operands(const QuadPair& v, uint4 (&operands)[3])
{
    const ThreeParts upper = three_parts(v.upper), lower = three_parts(v.lower);
#pragma unroll
    for (uint32_t i = 0; i < 3; i++)
        operands[i] = make_uint4(upper.part[i][0], lower.part[i][0], upper.part[i][1], lower.part[i][1]);
}

__device__ __forceinline__ void multiply_operands(float (&d)[kRegistersD], const uint4& a, uint32_t b0, uint32_t b1)
{
    const uint32_t left[kRegistersA] = {a.x, a.y, a.z, a.w}, right[kRegistersB] = {b0, b1};
    mma_bf16(d, left, right);
}

// Both sides real, two parts each. The small products first.
struct InTwoParts
{
    static constexpr uint32_t kLeft = 2, kRoundsToTotal = kOften;
    static constexpr bool kHasThird = false;

    static __device__ __forceinline__ void left(const QuadPair& v, uint4 (&operands)[kLeft])
    {
        const uint4 upper = two_parts(v.upper), lower = two_parts(v.lower);
        operands[0] = make_uint4(upper.x, lower.x, upper.y, lower.y);
        operands[1] = make_uint4(upper.z, lower.z, upper.w, lower.w);
    }

    static __device__ __forceinline__ RealRight right(const uint4& v) { return {two_parts(v), {}}; }

    static __device__ __forceinline__ void multiply(float (&d)[kRegistersD], const uint4 (&left)[kLeft], const RealRight& right)
    {
        multiply_operands(d, left[1], right.pair.x, right.pair.y);
        multiply_operands(d, left[0], right.pair.z, right.pair.w);
        multiply_operands(d, left[0], right.pair.x, right.pair.y);
    }
};

// Both sides real, three parts each. The small products first.
struct InThreeParts
{
    static constexpr uint32_t kLeft = 3, kRoundsToTotal = kAlways;
    static constexpr bool kHasThird = true;

    static __device__ __forceinline__ void left(const QuadPair& v, uint4 (&operands)[kLeft]) { three_operands(v, operands); }

    static __device__ __forceinline__ RealRight right(const uint4& v)
    {
        const ThreeParts parts = three_parts(v);
        return {make_uint4(parts.part[0][0], parts.part[0][1], parts.part[1][0], parts.part[1][1]), {parts.part[2][0], parts.part[2][1]}};
    }

    static __device__ __forceinline__ void multiply(float (&d)[kRegistersD], const uint4 (&left)[kLeft], const RealRight& right)
    {
        multiply_operands(d, left[2], right.pair.x, right.pair.y);
        multiply_operands(d, left[0], right.third.x, right.third.y);
        multiply_operands(d, left[1], right.pair.z, right.pair.w);
        multiply_operands(d, left[1], right.pair.x, right.pair.y);
        multiply_operands(d, left[0], right.pair.z, right.pair.w);
        multiply_operands(d, left[0], right.pair.x, right.pair.y);
    }
};

// Signs to the right: of a quad, a word of signs and where in it the quad begins.
struct SignsRight
{
    static constexpr uint32_t kLeft = 3, kRoundsToTotal = kAlways;
    static constexpr bool kHasThird = false;

    static __device__ __forceinline__ void left(const QuadPair& v, uint4 (&operands)[kLeft]) { three_operands(v, operands); }

    static __device__ __forceinline__ RealRight right(const uint4& v)
    {
        const uint32_t bits = v.x >> v.y;
        const uint32_t first = (bits << 15 & 0x8000u) | (bits << 30 & 0x80000000u);
        const uint32_t second = (bits << 13 & 0x8000u) | (bits << 28 & 0x80000000u);
        return {make_uint4(kOnes | first, kOnes | second, 0, 0), {}};
    }

    static __device__ __forceinline__ void multiply(float (&d)[kRegistersD], const uint4 (&left)[kLeft], const RealRight& right)
    {
#pragma unroll
        for (uint32_t part = 0; part < kLeft; part++)
            multiply_operands(d, left[kLeft - 1 - part], right.pair.x, right.pair.y);
    }
};

// Both sides in tf32, of which an instruction takes half a round: two numbers of a quad each.
struct InTf32
{
    static constexpr uint32_t kLeft = 2, kRoundsToTotal = kOften;
    static constexpr bool kHasThird = false;

    static __device__ __forceinline__ uint4 rounded(const uint4& v)
    {
        return make_uint4(tf32_rounded(__uint_as_float(v.x)), tf32_rounded(__uint_as_float(v.y)), tf32_rounded(__uint_as_float(v.z)),
            tf32_rounded(__uint_as_float(v.w)));
    }

    static __device__ __forceinline__ void left(const QuadPair& v, uint4 (&operands)[kLeft])
    {
        const uint4 upper = rounded(v.upper), lower = rounded(v.lower);
        operands[0] = make_uint4(upper.x, lower.x, upper.y, lower.y);
        operands[1] = make_uint4(upper.z, lower.z, upper.w, lower.w);
    }

    static __device__ __forceinline__ RealRight right(const uint4& v) { return {rounded(v), {}}; }

    static __device__ __forceinline__ void multiply(float (&d)[kRegistersD], const uint4 (&left)[kLeft], const RealRight& right)
    {
        const uint32_t a[kLeft][kRegistersA] = {
            {left[0].x, left[0].y, left[0].z, left[0].w}, {left[1].x, left[1].y, left[1].z, left[1].w}};
        const uint32_t b[kLeft][kRegistersB] = {{right.pair.x, right.pair.y}, {right.pair.z, right.pair.w}};
        mma_tf32(d, a[0], b[0]);
        mma_tf32(d, a[1], b[1]);
    }
};
