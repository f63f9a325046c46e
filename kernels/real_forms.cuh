// As what a matrix instruction multiplies real numbers: as two parts of bf16, high + low, which carry 16 bits of a number, so that
// high * high + high * low + low * high is a product to 2^-15 of itself at most; as a sign, which is exact and takes two products; or,
// where it is asked for, as one number of tf32, which has 11 bits.
//
// A form makes operands of quads, four neighbours along the depth: to the left of two rows, two operands, first and second; to the right
// of a column, both in one. Whatever the order of the depth is in an operand, it is the same on both sides.
#pragma once
#include "mma.cuh"
#include "sign_parts.cuh"

// Of rows 2 p and 2 p + 1: four numbers each, or what a form makes of both.
struct QuadPair
{
    uint4 upper, lower;
};

__device__ __forceinline__ uint4 number_parts(const uint4& v)
{
    return bf16_parts(__uint_as_float(v.x), __uint_as_float(v.y), __uint_as_float(v.z), __uint_as_float(v.w));
}

// The left side in parts: first the high ones, second the low ones.
__device__ __forceinline__ QuadPair pair_parts(const QuadPair& v)
{
    const uint4 upper = number_parts(v.upper), lower = number_parts(v.lower);
    return {make_uint4(upper.x, lower.x, upper.y, lower.y), make_uint4(upper.z, lower.z, upper.w, lower.w)};
}

__device__ __forceinline__ void multiply_operands(float (&d)[kRegistersD], const uint4& a, uint32_t b0, uint32_t b1)
{
    const uint32_t left[kRegistersA] = {a.x, a.y, a.z, a.w}, right[kRegistersB] = {b0, b1};
    mma_bf16(d, left, right);
}

// Both sides real. The small products first.
struct BothInParts
{
    static __device__ __forceinline__ QuadPair left(const QuadPair& v) { return pair_parts(v); }
    static __device__ __forceinline__ uint4 right(const uint4& v) { return number_parts(v); }

    static __device__ __forceinline__ void multiply(float (&d)[kRegistersD], const uint4& high, const uint4& low, const uint4& right)
    {
        multiply_operands(d, low, right.x, right.y);
        multiply_operands(d, high, right.z, right.w);
        multiply_operands(d, high, right.x, right.y);
    }
};

// Signs to the right: of a quad, a word of signs and where in it the quad begins.
struct SignsRight
{
    static __device__ __forceinline__ QuadPair left(const QuadPair& v) { return pair_parts(v); }

    static __device__ __forceinline__ uint4 right(const uint4& v)
    {
        const uint32_t bits = v.x >> v.y;
        const uint32_t first = (bits << 15 & 0x8000u) | (bits << 30 & 0x80000000u);
        const uint32_t second = (bits << 13 & 0x8000u) | (bits << 28 & 0x80000000u);
        return make_uint4(kOnes | first, kOnes | second, 0, 0);
    }

    static __device__ __forceinline__ void multiply(float (&d)[kRegistersD], const uint4& high, const uint4& low, const uint4& right)
    {
        multiply_operands(d, low, right.x, right.y);
        multiply_operands(d, high, right.x, right.y);
    }
};

// Both sides in tf32, of which an instruction takes half a round: two numbers of a quad each.
struct BothInTf32
{
    static __device__ __forceinline__ QuadPair left(const QuadPair& v)
    {
        const uint4 upper = right(v.upper), lower = right(v.lower);
        return {make_uint4(upper.x, lower.x, upper.y, lower.y), make_uint4(upper.z, lower.z, upper.w, lower.w)};
    }

    static __device__ __forceinline__ uint4 right(const uint4& v)
    {
        return make_uint4(tf32_rounded(__uint_as_float(v.x)), tf32_rounded(__uint_as_float(v.y)), tf32_rounded(__uint_as_float(v.z)),
            tf32_rounded(__uint_as_float(v.w)));
    }

    static __device__ __forceinline__ void multiply(float (&d)[kRegistersD], const uint4& first, const uint4& second, const uint4& right)
    {
        const uint32_t a[2][kRegistersA] = {{first.x, first.y, first.z, first.w}, {second.x, second.y, second.z, second.w}};
        const uint32_t b[2][kRegistersB] = {{right.x, right.y}, {right.z, right.w}};
        mma_tf32(d, a[0], b[0]);
        mma_tf32(d, a[1], b[1]);
    }
};
