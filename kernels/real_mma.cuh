// The product of two tiles of real numbers on tensor cores: sum[row][column] += left[row][depth] * right[depth][column], by one of the
// forms of real_forms.cuh.
//
// A round is 16 of the depth: four quads of a row, which share registers. While a round is multiplied, the next one is on its way from
// memory into registers; it is taken apart when it has come, into the other half of the shared memory. Rows go in pairs, the upper and the
// lower eight of an instruction, so that what a lane reads is the instruction's operand as it stands.
#pragma once
#include "real_forms.cuh"

constexpr uint32_t kQuadDepth = 4, kRoundQuads = 4;
constexpr uint32_t kRoundDepth = kQuadDepth * kRoundQuads;

// How a block is divided: a warp takes 32 rows and 32 columns, in two parts by 24 instructions and 8 reads of shared memory a round.
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

// What a thread has read of a round.
template <class Tile>
struct RealRound
{
    QuadPair left[Tile::kLeft];
    uint4 right[Tile::kRight];
};

// Operands of the instructions as a form makes them, of this round and of the next.
template <class Form, class Tile>
struct RealShared
{
    uint4 left[2][Form::kLeft][Tile::kPairs * kRoundQuads], right[2][Tile::kColumns * kRoundQuads];
    uint2 third[2][Form::kHasThird ? Tile::kColumns * kRoundQuads : 1];
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

template <class Form, class Tile, class Source>
__device__ __forceinline__ void keep_round(const RealRound<Tile>& round, uint32_t half, RealShared<Form, Tile>& shared)
{
#pragma unroll
    for (uint32_t i = 0; i < Tile::kLeft; i++)
    {
        uint4 operands[Form::kLeft];
        Form::left(round.left[i], operands);
#pragma unroll
        for (uint32_t part = 0; part < Form::kLeft; part++)
            shared.left[half][part][Source::left_place(i)] = operands[part];
    }
#pragma unroll
    for (uint32_t i = 0; i < Tile::kRight; i++)
    {
        const RealRight operand = Form::right(round.right[i]);
        shared.right[half][Source::right_place(i)] = operand.pair;
        if constexpr (Form::kHasThird)
            shared.third[half][Source::right_place(i)] = operand.third;
    }
}

template <class Form, class Tile>
__device__ __forceinline__ void multiply_round(const RealShared<Form, Tile>& shared, uint32_t half, RealSums<Tile>& sums)
{
    // Whole eights of lines further on a quad is turned alike.
    const uint32_t own = quad_place(lane_group(), lane_step());
    const uint32_t across = own + Tile::row() / 2 * kRoundQuads, down = own + Tile::column() * kRoundQuads;
    uint4 left[Tile::kRowTiles][Form::kLeft];
#pragma unroll
    for (uint32_t r = 0; r < Tile::kRowTiles; r++)
#pragma unroll
        for (uint32_t part = 0; part < Form::kLeft; part++)
            left[r][part] = shared.left[half][part][across + r * 8 * kRoundQuads];
#pragma unroll
    for (uint32_t c = 0; c < Tile::kColumnTiles; c++)
    {
        RealRight right = {shared.right[half][down + c * 8 * kRoundQuads], {}};
        if constexpr (Form::kHasThird)
            right.third = shared.third[half][down + c * 8 * kRoundQuads];
#pragma unroll
        for (uint32_t r = 0; r < Tile::kRowTiles; r++)
            Form::multiply(sums.value[r][c], left[r], right);
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
// tensor cores add to, they cut off instead of rounding: so sums go to a total in single precision every few rounds, as the form says.
template <class Form, class Tile, class Source>
__device__ __forceinline__ void multiply_real(Source& source, uint32_t rounds, RealSums<Tile>& total)
{
    __shared__ RealShared<Form, Tile> shared;
    RealRound<Tile> next;
    total = {};
    if (rounds == 0)
        return;
    source.read(next);
    keep_round<Form, Tile, Source>(next, 0, shared);
    __syncthreads();
#pragma unroll 1
    for (uint32_t start = 0; start < rounds; start += Form::kRoundsToTotal)
    {
        const uint32_t end = rounds - start < Form::kRoundsToTotal ? rounds : start + Form::kRoundsToTotal;
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
