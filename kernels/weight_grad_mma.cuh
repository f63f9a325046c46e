// The weight gradient of a 3 x 3 binary convolution on tensor cores: row = filter, column = (tap, channel of x), depth = output pixel. dy
// is real: each number becomes two of bf16, and so two products; a sign, or 0 in the padding, is exact. A block adds up a slice of the
// pixels, 128 at a time, for its filters and its channels of x: partial[slice][o][tap,i]; slice_sum adds up the slices.
#pragma once
#include "bits.cuh"
#include "conv_geometry.cuh"
#include "mma.cuh"
#include "pixel_tile.cuh"
#include "sign_parts.cuh"

constexpr uint32_t kSide = 3, kTaps = kSide * kSide;
constexpr uint32_t kQuads = kTilePixels / 4;    // four neighbours in a row of pixels share registers
constexpr uint32_t kRounds = kQuads / 4;        // of 16 pixels
constexpr uint32_t kMostWeightHalo = 680;       // pixels

FOR_HOST(most_weight_halo, kMostWeightHalo)

// How a block is divided: each warp has kWarpTaps taps in a row and every kGroups-th round of pixels.
template <uint32_t kWarpTapsOf, uint32_t kRowTilesOf, uint32_t kColumnTilesOf, uint32_t kGroupsOf>
struct WeightGradTile
{
    static constexpr uint32_t kWarpTaps = kWarpTapsOf, kRowTiles = kRowTilesOf, kColumnTiles = kColumnTilesOf, kGroups = kGroupsOf;
    static constexpr uint32_t kFilters = kRowTiles * kMmaRows, kChannels = kColumnTiles * kMmaColumns;
    static constexpr uint32_t kTapWarps = kTaps / kWarpTaps, kThreads = 32 * kTapWarps * kGroups;
    static constexpr uint32_t kSums = kWarpTaps * kRowTiles * kColumnTiles * kRegistersD; // of a lane
};

struct Place
{
    uint32_t bits, shown; // a word of signs; all ones where the pixel is inside the image
};

template <class Tile>
struct WeightGradShared
{
    union
    {
        uint4 dy[kQuads][Tile::kFilters + 2]; // two parts of four pixels; the row length spreads what a warp reads over the banks
        float sums[Tile::kGroups == 1 ? 1 : Tile::kTapWarps * Tile::kSums][32];
    };
    Place x[kMostWeightHalo];
    uint32_t source[kTilePixels]; // the tile's pixels in dy
};

template <class Tile>
struct WeightGradSums
{
    float value[Tile::kWarpTaps][Tile::kRowTiles][Tile::kColumnTiles][kRegistersD];
};

__device__ __forceinline__ Halo weight_halo(const ConvGeometry& g, const PixelTile& tile)
{
    return {(rows_of(tile) - 1) * g.stride + kSide, (columns_of(tile) - 1) * g.stride + kSide};
}

template <class Tile>
__device__ __forceinline__ void load_places(const ConvGeometry& g, const PixelTile& tile, const TilePixel& first, const uint32_t* x_bits,
    WeightGradShared<Tile>& shared)
{
    for (uint32_t r = threadIdx.x; r < kTilePixels; r += Tile::kThreads)
    {
        const TilePixel pixel = pixel_of_tile(tile, r);
        const uint32_t image = first.image + pixel.image, row = first.row + pixel.row, column = first.column + pixel.column;
        shared.source[r] = image < g.n && row < g.oh && column < g.ow ? (image * g.oh + row) * g.ow + column : kAbsent;
    }

    const Halo halo = weight_halo(g, tile);
    const uint32_t words = words_of(g.i), word = blockIdx.x * Tile::kChannels / kBitsPerWord;
    for (uint32_t at = threadIdx.x; at < halo.count(tile); at += Tile::kThreads)
    {
        const TilePixel pixel = halo.pixel(at);
        const uint32_t image = first.image + pixel.image, row = first.row * g.stride + pixel.row - g.padding;
        const uint32_t column = first.column * g.stride + pixel.column - g.padding;
        const bool inside = image < g.n && row < g.h && column < g.w;
        shared.x[at] = {inside ? x_bits[(uint64_t)((image * g.h + row) * g.w + column) * words + word] : 0u, inside ? 0xFFFFFFFFu : 0u};
    }
}

template <class Tile>
__device__ __forceinline__ void load_filters(const ConvGeometry& g, const float* dy, WeightGradShared<Tile>& shared)
{
    const uint32_t first = blockIdx.y * Tile::kFilters;
    for (uint32_t at = threadIdx.x; at < kQuads * Tile::kFilters; at += Tile::kThreads)
    {
        const uint32_t quad = at / Tile::kFilters, o = at % Tile::kFilters;
        float v[4];
#pragma unroll
        for (uint32_t j = 0; j < 4; j++)
        {
            const uint32_t source = shared.source[4 * quad + j];
            v[j] = source == kAbsent || first + o >= g.o ? 0.0f : dy[(uint64_t)source * g.o + first + o];
        }
        shared.dy[quad][o] = bf16_parts(v[0], v[1], v[2], v[3]);
    }
}

template <class Tile>
__device__ __forceinline__ void multiply_round(const ConvGeometry& g, const PixelTile& tile, const Halo& halo, uint32_t round,
    uint32_t first_tap, const WeightGradShared<Tile>& shared, WeightGradSums<Tile>& sums)
{
    const uint32_t quad = 4 * round + lane_step(), group = lane_group();
    uint32_t high[Tile::kRowTiles][kRegistersA], low[Tile::kRowTiles][kRegistersA];
#pragma unroll
    for (uint32_t r = 0; r < 2 * Tile::kRowTiles; r++)
    {
        const uint4 parts = shared.dy[quad][8 * r + group];
        high[r / 2][r % 2] = parts.x;
        high[r / 2][r % 2 + 2] = parts.y;
        low[r / 2][r % 2] = parts.z;
        low[r / 2][r % 2 + 2] = parts.w;
    }

    const TilePixel pixel = pixel_of_tile(tile, 4 * quad);
    const uint32_t corner = halo.index(pixel.image, pixel.row * g.stride, pixel.column * g.stride);
    const uint32_t half = blockIdx.x * Tile::kChannels / 16 % 2;
#pragma unroll
    for (uint32_t t = 0; t < Tile::kWarpTaps; t++)
    {
        const Place* x = shared.x + corner + (first_tap + t) / kSide * halo.columns + (first_tap + t) % kSide;
        const Place p0 = x[0], p1 = x[g.stride], p2 = x[2 * g.stride], p3 = x[3 * g.stride];
        const uint32_t shown0 = side_by_side(p0.shown, p1.shown, 0), shown1 = side_by_side(p2.shown, p3.shown, 0);
#pragma unroll
        for (uint32_t h = 0; h < Tile::kColumnTiles / 2; h++)
        {
            const uint32_t which = Tile::kColumnTiles == 2 ? half : h;
            const uint32_t first = side_by_side(p0.bits, p1.bits, which), second = side_by_side(p2.bits, p3.bits, which);
#pragma unroll
            for (uint32_t c = 2 * h; c < 2 * h + 2; c++)
            {
                const uint32_t b[kRegistersB] = {
                    signs_at(first, 8 * (c % 2) + group, shown0), signs_at(second, 8 * (c % 2) + group, shown1)};
#pragma unroll
                for (uint32_t r = 0; r < Tile::kRowTiles; r++)
                {
                    mma_bf16(sums.value[t][r][c], high[r], b);
                    mma_bf16(sums.value[t][r][c], low[r], b);
                }
            }
        }
    }
}

template <class Tile>
__device__ __forceinline__ void add(WeightGradSums<Tile>& total, const float* more, uint32_t pitch)
{
    float* sums = &total.value[0][0][0][0];
#pragma unroll
    for (uint32_t i = 0; i < Tile::kSums; i++)
        sums[i] += more[i * pitch];
}

// The groups' sums, added up in their order by the first.
template <class Tile>
__device__ __forceinline__ void add_groups(uint32_t group, uint32_t tap_warp, WeightGradShared<Tile>& shared, WeightGradSums<Tile>& total)
{
    for (uint32_t other = 1; other < Tile::kGroups; other++)
    {
        __syncthreads();
        if (group == other)
#pragma unroll
            for (uint32_t i = 0; i < Tile::kSums; i++)
                shared.sums[tap_warp * Tile::kSums + i][threadIdx.x % 32] = (&total.value[0][0][0][0])[i];
        __syncthreads();
        if (group == 0)
            add<Tile>(total, &shared.sums[tap_warp * Tile::kSums][threadIdx.x % 32], 32);
    }
}

template <class Tile>
__device__ __forceinline__ void store_slice(const ConvGeometry& g, uint32_t first_tap, const WeightGradSums<Tile>& sums, float* partial)
{
    const uint32_t i = blockIdx.x * Tile::kChannels + 2 * lane_step();
#pragma unroll
    for (uint32_t r = 0; r < 2 * Tile::kRowTiles; r++)
    {
        const uint32_t o = blockIdx.y * Tile::kFilters + 8 * r + lane_group();
        if (o >= g.o)
            continue;
        float* filter = partial + ((uint64_t)blockIdx.z * g.o + o) * kTaps * g.i;
#pragma unroll
        for (uint32_t t = 0; t < Tile::kWarpTaps; t++)
#pragma unroll
            for (uint32_t c = 0; c < Tile::kColumnTiles; c++)
            {
                const float* pair = &sums.value[t][r / 2][c][2 * (r % 2)];
                if (i + c * kMmaColumns < g.i)
                    *reinterpret_cast<float2*>(filter + (first_tap + t) * g.i + i + c * kMmaColumns) = make_float2(pair[0], pair[1]);
            }
    }
}

template <class Tile>
__device__ __forceinline__ void weight_grad_slice(const ConvGeometry& g, const PixelTile& tile, uint32_t tiles, uint32_t slice_tiles,
    const float* dy, const uint32_t* x_bits, float* partial, WeightGradShared<Tile>& shared)
{
    const uint32_t warp = threadIdx.x / 32, group = warp / Tile::kTapWarps, tap_warp = warp % Tile::kTapWarps;
    const uint32_t first = blockIdx.z * slice_tiles, end = tiles - first < slice_tiles ? tiles : first + slice_tiles;
    const Halo halo = weight_halo(g, tile);
    WeightGradSums<Tile> total = {};
    for (uint32_t number = first; number < end; number++)
    {
        __syncthreads();
        load_places<Tile>(g, tile, first_of_tile(tile, number), x_bits, shared);
        __syncthreads();
        load_filters<Tile>(g, dy, shared);
        __syncthreads();
        // Added to the total in single precision: what tensor cores add to, they cut off instead of rounding.
        WeightGradSums<Tile> sums = {};
        for (uint32_t round = group; round < kRounds; round += Tile::kGroups)
            multiply_round<Tile>(g, tile, halo, round, tap_warp * Tile::kWarpTaps, shared, sums);
        add<Tile>(total, &sums.value[0][0][0][0], 1);
    }

    add_groups<Tile>(group, tap_warp, shared, total);
    if (group == 0)
        store_slice<Tile>(g, tap_warp * Tile::kWarpTaps, total, partial);
}
