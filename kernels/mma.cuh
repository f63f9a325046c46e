// The matrix instructions of tensor cores, one wrapper a form. A warp holds the matrices A [16,K], B [K,8] and D [16,8] in the registers of
// its lanes; which lane and register hold which row and column is written down once, in the layouts below, as the PTX ISA has it (section
// "Matrix fragments for mma"). With g = lane / 4 and t = lane % 4:
//
//            A, register r                      B, register r                  D, register r
//   row      g + 8 (r % 2)                      4-byte step t + 4 r            g + 8 (r / 2)
//   column   4-byte step t + 4 (r / 2)          g                              2 t + r % 2
//
// A 4-byte step of the depth K is a value of tf32, 2 of bf16, 4 of int8, or 32 bits. The order along K is free as long as A and B agree on
// it.
//
// On the emulator the last lane of a warp to arrive computes the product for all of them, by the layouts.
#pragma once
#include <stdint.h>

constexpr uint32_t kMmaRows = 16, kMmaColumns = 8, kMmaSteps = 8;
constexpr uint32_t kRegistersA = 4, kRegistersB = 2, kRegistersD = 4;

__device__ __forceinline__ uint32_t lane_group() { return threadIdx.x % 32 / 4; } // g
__device__ __forceinline__ uint32_t lane_step() { return threadIdx.x % 4; }       // t

#ifdef RESTE_EMULATOR

struct MmaPlace
{
    uint32_t row, column;
};

// Columns of A and rows of B are counted in 4-byte steps.
constexpr MmaPlace place_in_a(uint32_t lane, uint32_t r) { return {lane / 4 + 8 * (r % 2), lane % 4 + 4 * (r / 2)}; }
constexpr MmaPlace place_in_b(uint32_t lane, uint32_t r) { return {lane % 4 + 4 * r, lane / 4}; }
constexpr MmaPlace place_in_d(uint32_t lane, uint32_t r) { return {lane / 4 + 8 * (r / 2), 2 * (lane % 4) + r % 2}; }

template <class D>
struct MmaLane
{
    D* d;
    const uint32_t* a;
    const uint32_t* b;
};

// The matrices of a warp, a 4-byte step of the depth as kParts numbers. Loops over columns are innermost, for the compiler to vectorise.
template <class D, class Number, uint32_t kParts, void (*kSplit)(uint32_t, Number*), D (*kProduct)(Number, Number)>
void multiply_warp(void* const* lanes)
{
    constexpr uint32_t kDepth = kMmaSteps * kParts;
    Number a[kMmaRows][kDepth], b[kDepth][kMmaColumns], parts[kParts];
    D d[kMmaRows][kMmaColumns] = {};
    for (uint32_t lane = 0; lane < 32; lane++)
    {
        const auto& own = *static_cast<const MmaLane<D>*>(lanes[lane]);
        for (uint32_t r = 0; r < kRegistersA; r++)
            kSplit(own.a[r], &a[place_in_a(lane, r).row][place_in_a(lane, r).column * kParts]);
        for (uint32_t r = 0; r < kRegistersB; r++)
        {
            kSplit(own.b[r], parts);
            for (uint32_t part = 0; part < kParts; part++)
                b[place_in_b(lane, r).row * kParts + part][place_in_b(lane, r).column] = parts[part];
        }
    }
    for (uint32_t row = 0; row < kMmaRows; row++)
        for (uint32_t k = 0; k < kDepth; k++)
            for (uint32_t column = 0; column < kMmaColumns; column++)
                d[row][column] += kProduct(a[row][k], b[k][column]);
    for (uint32_t lane = 0; lane < 32; lane++)
        for (uint32_t r = 0; r < kRegistersD; r++)
            static_cast<const MmaLane<D>*>(lanes[lane])->d[r] += d[place_in_d(lane, r).row][place_in_d(lane, r).column];
}

inline void whole_word(uint32_t word, uint32_t* parts) { parts[0] = word; }
inline int32_t common_bits(uint32_t a, uint32_t b) { return __popc(a & b); }
inline int32_t unlike_bits(uint32_t a, uint32_t b) { return __popc(a ^ b); }

inline void int8_numbers(uint32_t word, int32_t* parts)
{
    for (uint32_t byte = 0; byte < 4; byte++)
        parts[byte] = (int8_t)(word >> 8 * byte);
}

inline int32_t whole_product(int32_t a, int32_t b) { return a * b; }

inline void bf16_numbers(uint32_t word, float* parts)
{
    parts[0] = __uint_as_float(word << 16);
    parts[1] = __uint_as_float(word & 0xFFFF0000u);
}

// What a tensor core takes of a register: ten bits of the mantissa.
inline void tf32_number(uint32_t word, float* parts) { parts[0] = __uint_as_float(word & 0xFFFFE000u); }

inline float product(float a, float b) { return a * b; }

template <class D>
inline void multiply_together(reste::WarpFunction multiply, D (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2])
{
    MmaLane<D> own{d, a, b};
    reste_together(multiply, &own);
}

#endif

// d += popc(A and B): A [16,256] and B [256,8] of bits. Native from 8.0 to 9.0.
__device__ __forceinline__ void mma_and(int32_t (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2])
{
#ifdef RESTE_EMULATOR
    multiply_together(multiply_warp<int32_t, uint32_t, 1, whole_word, common_bits>, d, a, b);
#else
    asm("mma.sync.aligned.m16n8k256.row.col.s32.b1.b1.s32.and.popc {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+r"(d[0]), "+r"(d[1]), "+r"(d[2]), "+r"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#endif
}

// d += popc(A xor B), of the same matrices. Native from 8.0 to 8.9; 9.0 takes two of the other form for it.
__device__ __forceinline__ void mma_xor(int32_t (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2])
{
#ifdef RESTE_EMULATOR
    multiply_together(multiply_warp<int32_t, uint32_t, 1, whole_word, unlike_bits>, d, a, b);
#else
    asm("mma.sync.aligned.m16n8k256.row.col.s32.b1.b1.s32.xor.popc {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+r"(d[0]), "+r"(d[1]), "+r"(d[2]), "+r"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#endif
}

// d += A B: A [16,32] and B [32,8] of int8, four a register, the sums whole. On every tensor core since 8.0.
__device__ __forceinline__ void mma_int8(int32_t (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2])
{
#ifdef RESTE_EMULATOR
    multiply_together(multiply_warp<int32_t, int32_t, 4, int8_numbers, whole_product>, d, a, b);
#else
    asm("mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+r"(d[0]), "+r"(d[1]), "+r"(d[2]), "+r"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#endif
}

// d += A B: A [16,16] and B [16,8] of bf16, two a register, the sums in single precision.
__device__ __forceinline__ void mma_bf16(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2])
{
#ifdef RESTE_EMULATOR
    multiply_together(multiply_warp<float, float, 2, bf16_numbers, product>, d, a, b);
#else
    asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#endif
}

// d += A B: A [16,8] and B [8,8] of tf32, one a register, the sums in single precision.
__device__ __forceinline__ void mma_tf32(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2])
{
#ifdef RESTE_EMULATOR
    multiply_together(multiply_warp<float, float, 1, tf32_number, product>, d, a, b);
#else
    asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#endif
}

// A number rounded to tf32 (to nearest, ties away from zero): single precision with ten bits of mantissa in place of 23.
__device__ __forceinline__ uint32_t tf32_rounded(float value)
{
#ifdef RESTE_EMULATOR
    const uint32_t bits = __float_as_uint(value);
    return value != value ? 0x7FFFFFFFu : (bits & 0x7F800000u) == 0x7F800000u ? bits : (bits + 0x1000u) & 0xFFFFE000u;
#else
    uint32_t rounded;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(rounded) : "f"(value));
    return rounded;
#endif
}

// Two numbers rounded to bf16 (to nearest, ties to even), the first in the low half.
__device__ __forceinline__ uint32_t bf16_pair(float low, float high)
{
#ifdef RESTE_EMULATOR
    const auto rounded = [](float value)
    {
        const uint32_t bits = __float_as_uint(value);
        return value != value ? 0x7FFFu : (bits + 0x7FFFu + (bits >> 16 & 1u)) >> 16;
    };
    return rounded(low) | rounded(high) << 16;
#else
    uint32_t pair;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(high), "f"(low));
    return pair;
#endif
}

// What two numbers leave when their bf16 parts are taken away, exactly.
__device__ __forceinline__ float2 bf16_rest(float low, float high, uint32_t pair)
{
    return make_float2(low - __uint_as_float(pair << 16), high - __uint_as_float(pair & 0xFFFF0000u));
}

// Four numbers as two bf16 parts each: x and y hold the first parts, z and w what is left of them.
__device__ __forceinline__ uint4 bf16_parts(float v0, float v1, float v2, float v3)
{
    const uint32_t first = bf16_pair(v0, v1), second = bf16_pair(v2, v3);
    const float2 rest = bf16_rest(v0, v1, first), more = bf16_rest(v2, v3, second);
    return make_uint4(first, second, bf16_pair(rest.x, rest.y), bf16_pair(more.x, more.y));
}
