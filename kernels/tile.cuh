// The product of two tiles in shared memory, which every real convolution is made of: sum[row][column] += a[depth][row] * b[depth][column].
// Two warps share a tile of 32 * kRowsPerThread rows and 16 columns: a warp takes 8 of the columns, a lane every 32nd row of all. So a warp
// reads 32 neighbours of a and broadcasts b: no bank conflicts, and 8 multiply-adds for each number of a that is read.
#pragma once
#include <stdint.h>

constexpr uint32_t kTileThreads = 64;
constexpr uint32_t kTileColumns = 16;     // channels of the narrowest layers
constexpr uint32_t kTileDepth = 16;       // the same: one tap of 16 channels a round
constexpr uint32_t kColumnsPerThread = 8; // kTileColumns over two warps

template <uint32_t kRowsPerThread>
struct Tile
{
    static constexpr uint32_t kRows = 32 * kRowsPerThread;

    // Row lengths that spread what a warp stores, sixteen depths of one or two columns, over the banks; b is also read four at a time.
    alignas(16) float b[kTileDepth][kTileColumns + 4];
    float a[kTileDepth][kRows + 2];
};

template <uint32_t kRowsPerThread>
struct Sums
{
    float value[kRowsPerThread][kColumnsPerThread];
};

__device__ __forceinline__ uint32_t tile_row(uint32_t r)
{
    return threadIdx.x % 32 + 32 * r;
}

__device__ __forceinline__ uint32_t tile_column(uint32_t c)
{
    return threadIdx.x / 32 * kColumnsPerThread + c;
}

template <uint32_t kRowsPerThread>
__device__ __forceinline__ void clear(Sums<kRowsPerThread>& sums)
{
#pragma unroll
    for (uint32_t r = 0; r < kRowsPerThread; r++)
#pragma unroll
        for (uint32_t c = 0; c < kColumnsPerThread; c++)
            sums.value[r][c] = 0.0f;
}

template <uint32_t kRowsPerThread>
__device__ __forceinline__ void multiply_add(const Tile<kRowsPerThread>& tile, Sums<kRowsPerThread>& sums)
{
#pragma unroll
    for (uint32_t k = 0; k < kTileDepth; k++)
#pragma unroll
        for (uint32_t r = 0; r < kRowsPerThread; r++)
#pragma unroll
            for (uint32_t c = 0; c < kColumnsPerThread; c++)
                sums.value[r][c] += tile.a[k][tile_row(r)] * tile.b[k][tile_column(c)];
}
