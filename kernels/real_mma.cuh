// The product of two tiles of real numbers on tensor cores: sum[row][column] += left[row][depth] * right[depth][column]. A form says as what
// a number is multiplied: as two parts of bf16, high + low, which carry 16 bits of it, so that high * high + high * low + low * high is
// the product to 2^-15 of itself at most; or as a sign, which is exact and takes two products.
//
// A round is 16 of the depth: four quads of a row, which share registers. While a round is multiplied, the next one is on its way from
// memory into registers; it is taken apart when it has come, into the other half of the shared memory. Rows go in pairs, the upper and the
// lower eight of an instruction, so that what a lane reads is the instruction's operand as it stands.
#pragma once
#include "mma.cuh"
#include "sign_parts.cuh"

constexpr uint32_t kQuadDepth = 4, kRoundQuads = 4;
constexpr uint32_t kRoundDepth = kQuadDepth * kRoundQuads;
constexpr uint32_t kRoundsToTotal = 8; // 24 products of a sum in tensor cores, then it is added to the total

// How a block is divided: a warp takes 32 rows and 32 columns, for 24 instructions and 8 reads of shared memory a round.
template <uint32_t kRowsOf, uint32_t kColumnsOf>
struct RealTile
{
    static constexpr uint32_t kRows = kRowsOf, kColumns = kColumnsOf, kWarpSide = 32;
    static constexpr uint32_t kRowTiles = kWarpSide / kMmaRows, kColumnTiles = kWarpSide / kMmaColumns;
    static constexpr uint32_t kRowWarps = kRows / kWarpSide, kThreads = 32 * kRowWarps * (kColumns / kWarpSide);
    // Of the quads that a thread reads a round, those of row pairs and those of columns.
    static constexpr uint32_t kPairs = kRows / 2, kLeft = kPairs * kRoundQuads / kThreads, kRight = kColumns * kRoundQuads / kThreads;

    static __device__ __forceinline__ uint32_t row() { return threadIdx.x / 32 % kRowWarps * kWarpSide; }
    static __device__ __forceinline__ uint32_t column() { return threadIdx.x / 32 / kRowWarps * kWarpSide; }
};

// Of rows 2 p and 2 p + 1: four numbers each, or what a form makes of both.
struct QuadPair
{
    uint4 upper, lower;
};

// What a thread has read of a round.
template <class Tile>
struct RealRound
{
    QuadPair left[Tile::kLeft];
    uint4 right[Tile::kRight];
};

// Operands of the instructions, first and second, as a form makes them.
template <class Tile>
struct RealShared
{
    uint4 first[2][Tile::kPairs * kRoundQuads], second[2][Tile::kPairs * kRoundQuads], right[2][Tile::kColumns * kRoundQuads];
};

template <class Tile>
struct RealSums
{
    float value[Tile::kRowTiles][Tile::kColumnTiles][kRegistersD];
};

// Where a quad of a line lies, a line being a pair of rows or a column: turned within its line, so that eight lanes meet no bank twice,
// whether they have the four quads of two lines or one quad of eight.
__device__ __forceinline__ uint32_t quad_place(uint32_t line, uint32_t quad)
{
    return line * kRoundQuads + (quad ^ (line >> 1 & (kRoundQuads - 1)));
}

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

template <class Form, class Tile, class Source>
__device__ __forceinline__ void keep_round(const RealRound<Tile>& round, uint32_t half, RealShared<Tile>& shared)
{
#pragma unroll
    for (uint32_t i = 0; i < Tile::kLeft; i++)
    {
        const QuadPair operands = Form::left(round.left[i]);
        shared.first[half][Source::left_place(i)] = operands.upper;
        shared.second[half][Source::left_place(i)] = operands.lower;
    }
#pragma unroll
    for (uint32_t i = 0; i < Tile::kRight; i++)
        shared.right[half][Source::right_place(i)] = Form::right(round.right[i]);
}

template <class Form, class Tile>
__device__ __forceinline__ void multiply_round(const RealShared<Tile>& shared, uint32_t half, RealSums<Tile>& sums)
{
    // Whole eights of lines further on a quad is turned alike.
    const uint32_t own = quad_place(lane_group(), lane_step());
    const uint32_t left = own + Tile::row() / 2 * kRoundQuads, above = own + Tile::column() * kRoundQuads;
    uint4 first[Tile::kRowTiles], second[Tile::kRowTiles];
#pragma unroll
    for (uint32_t r = 0; r < Tile::kRowTiles; r++)
    {
        first[r] = shared.first[half][left + r * 8 * kRoundQuads];
        second[r] = shared.second[half][left + r * 8 * kRoundQuads];
    }
#pragma unroll
    for (uint32_t c = 0; c < Tile::kColumnTiles; c++)
    {
        const uint4 right = shared.right[half][above + c * 8 * kRoundQuads];
#pragma unroll
        for (uint32_t r = 0; r < Tile::kRowTiles; r++)
            Form::multiply(sums.value[r][c], first[r], second[r], right);
    }
}

// The first of the two rows of the tile whose sums this lane holds in row tile r: the sums 0 and 1 are of this row, 2 and 3 of the next.
template <class Tile>
__device__ __forceinline__ uint32_t sum_row(uint32_t r)
{
    return Tile::row() + r * kMmaRows + 2 * lane_group();
}

// The column of the sums 0 and 2; that of 1 and 3 is the next.
template <class Tile>
__device__ __forceinline__ uint32_t sum_column(uint32_t c)
{
    return Tile::column() + c * kMmaColumns + 2 * lane_step();
}

template <class Tile>
__device__ __forceinline__ void add_up(const RealSums<Tile>& sums, RealSums<Tile>& total)
{
#pragma unroll
    for (uint32_t r = 0; r < Tile::kRowTiles; r++)
#pragma unroll
        for (uint32_t c = 0; c < Tile::kColumnTiles; c++)
#pragma unroll
            for (uint32_t i = 0; i < kRegistersD; i++)
                total.value[r][c][i] += sums.value[r][c][i];
}

// All sums of the block. The source reads round after round into registers, and says where in the tiles a thread's quads belong. What
// tensor cores add to, they cut off instead of rounding: so sums go to a total in single precision every few rounds.
template <class Form, class Tile, class Source>
__device__ __forceinline__ void multiply_real(Source& source, uint32_t rounds, RealSums<Tile>& total)
{
    __shared__ RealShared<Tile> shared;
    RealRound<Tile> next;
    total = {};
    if (rounds == 0)
        return;
    source.read(next);
    keep_round<Form, Tile, Source>(next, 0, shared);
    __syncthreads();
#pragma unroll 1
    for (uint32_t start = 0; start < rounds; start += kRoundsToTotal)
    {
        const uint32_t end = rounds - start < kRoundsToTotal ? rounds : start + kRoundsToTotal;
        RealSums<Tile> sums = {};
#pragma unroll 1
        for (uint32_t round = start; round < end; round++)
        {
            const bool more = round + 1 < rounds;
            if (more)
                source.read(next);
            multiply_round<Form, Tile>(shared, round % 2, sums);
            if (more)
                keep_round<Form, Tile, Source>(next, (round + 1) % 2, shared);
            __syncthreads();
        }

        add_up(sums, total);
    }
}
