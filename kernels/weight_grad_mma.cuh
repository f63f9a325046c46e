// The weight gradient of a 3 x 3 binary convolution on tensor cores: row = channel of x, for each tap, column = filter, depth = output
// pixel. dy is real: each number becomes two of bf16, and so two products; a sign, or 0 in the padding, is exact. A block adds up a slice
// of the pixels, 128 at a time, for its filters and its channels of x: partial[slice][o][tap,i]; slice_sum adds up the slices.
#pragma once
#include "bits.cuh"
#include "conv_geometry.cuh"
#include "mma.cuh"
#include "pixel_tile.cuh"
#include "sign_parts.cuh"
#include "unit_gradient.cuh"

constexpr uint32_t kSide = 3, kTaps = kSide * kSide;
constexpr uint32_t kQuads = kTilePixels / 4;    // four neighbours in a row of pixels share registers
constexpr uint32_t kRounds = kQuads / 4;        // of 16 pixels
constexpr uint32_t kMostWeightHalo = 680;       // pixels

FOR_HOST(most_weight_halo, kMostWeightHalo)

// How a block is divided: a warp has a row of three taps, 16 of the channels, all filters and every kGroups-th round of pixels.
template <uint32_t kHalvesOf, uint32_t kColumnTilesOf, uint32_t kGroupsOf>
struct WeightGradTile
{
    static constexpr uint32_t kHalves = kHalvesOf, kColumnTiles = kColumnTilesOf, kGroups = kGroupsOf;
    static constexpr uint32_t kChannels = kHalves * kMmaRows, kFilters = kColumnTiles * kMmaColumns;
    static constexpr uint32_t kTeam = kSide * kHalves, kThreads = 32 * kTeam * kGroups; // warps that share a round
    static constexpr uint32_t kSums = kSide * kColumnTiles * kRegistersD;              // of a lane
};

// Small blocks, of which a multiprocessor has several: while one waits for what it reads, others multiply.
using Narrow = WeightGradTile<1, 2, 2>; // 16 channels, 16 filters
using Wide = WeightGradTile<2, 4, 1>;   // 32 of each

constexpr uint32_t kNarrowThreads = 32 * 3 * 2;
constexpr uint32_t kWideThreads = 32 * 3 * 2;
static_assert(kNarrowThreads == Narrow::kThreads && kWideThreads == Wide::kThreads, "a block has a warp for every share of the taps");

// What a block takes, each counted in what blocks take.
struct SliceBlock
{
    uint32_t channels, filters, slice;
};

struct Place
{
    uint32_t bits, shown; // a word of signs; all ones where the pixel is inside the image, else 0 and the signs another's
};

template <class Tile>
struct WeightGradShared
{
    union
    {
        uint4 dy[kQuads][Tile::kFilters + 2]; // two parts of four pixels; the row length spreads what a warp reads over the banks
        float sums[Tile::kGroups == 1 ? 1 : Tile::kTeam * Tile::kSums][32];
    };
    Place x[kMostWeightHalo];
    uint32_t halo[kMostWeightHalo]; // where these lie, as packed()
};

template <class Tile>
struct WeightGradSums
{
    float value[kSide][Tile::kColumnTiles][kRegistersD];
};

template <class Tile>
__device__ __forceinline__ void load_signs(const ConvGeometry& g, const SliceBlock& block, const TilePixel& first, uint32_t count,
    const uint32_t* x_bits, WeightGradShared<Tile>& shared)
{
    const uint32_t words = words_of(g.i), word = block.channels * Tile::kChannels / kBitsPerWord;
    const uint32_t top = first.row * g.stride - g.padding, left = first.column * g.stride - g.padding;
    for (uint32_t at = threadIdx.x; at < count; at += Tile::kThreads)
    {
        const TilePixel pixel = unpacked(shared.halo[at]);
        const uint32_t image = first.image + pixel.image, row = top + pixel.row, column = left + pixel.column;
        // Copied in any case, from the first pixel where there is none.
        const bool inside = image < g.n && row < g.h && column < g.w;
        copy_async<4>(&shared.x[at].bits, x_bits + (inside ? ((image * g.h + row) * g.w + column) * words : 0u) + word);
        shared.x[at].shown = inside ? 0xFFFFFFFFu : 0u;
    }
}

// A thread has the same filter for every pixel it loads, and four pixels at once, which lie in one row. All are on their way before it
// takes the first.
template <class Tile, class Gradient>
__device__ __forceinline__ void load_gradient(const ConvGeometry& g, const SliceBlock& block, const PixelTile& tile,
    const TilePixel& first, const Gradient& gradient, const typename Gradient::Channel& channel, WeightGradShared<Tile>& shared)
{
    static_assert(Tile::kThreads % Tile::kFilters == 0, "a thread keeps its filter");
    constexpr uint32_t kStep = Tile::kThreads / Tile::kFilters, kOwn = (kQuads + kStep - 1) / kStep;
    const uint32_t filter = threadIdx.x % Tile::kFilters, o = block.filters * Tile::kFilters + filter;
    typename Gradient::Number numbers[kOwn][4];
    uint32_t valid[kOwn];
#pragma unroll
    for (uint32_t own = 0; own < kOwn; own++)
    {
        const TilePixel pixel = pixel_of_tile(tile, 4 * (threadIdx.x / Tile::kFilters + own * kStep));
        const uint32_t image = first.image + pixel.image, row = first.row + pixel.row, column = first.column + pixel.column;
        const bool exists = (image < g.n) & (row < g.oh) & (column < g.ow) & (o < g.o); // without branches between the reads
        const uint32_t at = ((image * g.oh + row) * g.ow + column) * g.o + o;
        valid[own] = exists ? g.ow - column : 0u;
        // Read in any case, from the first pixel where there is none.
#pragma unroll
        for (uint32_t j = 0; j < 4; j++)
            numbers[own][j] = gradient.read(j < valid[own] ? at + j * g.o : 0u);
    }
#pragma unroll
    for (uint32_t own = 0; own < kOwn; own++)
    {
        const uint32_t quad = threadIdx.x / Tile::kFilters + own * kStep;
        float v[4];
#pragma unroll
        for (uint32_t j = 0; j < 4; j++)
            v[j] = Gradient::value_of(numbers[own][j], j < valid[own], channel);
        if (quad < kQuads)
            shared.dy[quad][filter] = bf16_parts(v[0], v[1], v[2], v[3]);
    }
}

template <class Tile>
__device__ __forceinline__ void multiply_round(const ConvGeometry& g, const PixelTile& tile, const Halo& halo, uint32_t round,
    uint32_t tap_row, uint32_t half, const WeightGradShared<Tile>& shared, WeightGradSums<Tile>& sums)
{
    const uint32_t quad = 4 * round + lane_step(), group = lane_group();
    uint32_t high[Tile::kColumnTiles][kRegistersB], low[Tile::kColumnTiles][kRegistersB];
#pragma unroll
    for (uint32_t c = 0; c < Tile::kColumnTiles; c++)
    {
        const uint4 parts = shared.dy[quad][8 * c + group];
        high[c][0] = parts.x;
        high[c][1] = parts.y;
        low[c][0] = parts.z;
        low[c][1] = parts.w;
    }

    const TilePixel pixel = pixel_of_tile(tile, 4 * quad);
    const Place* corner = shared.x + halo.index(pixel.image, pixel.row * g.stride + tap_row, pixel.column * g.stride);
#pragma unroll
    for (uint32_t t = 0; t < kSide; t++)
    {
        const Place* x = corner + t;
        const Place p0 = x[0], p1 = x[g.stride], p2 = x[2 * g.stride], p3 = x[3 * g.stride];
        const uint32_t shown0 = side_by_side(p0.shown, p1.shown, 0), shown1 = side_by_side(p2.shown, p3.shown, 0);
        const uint32_t first = side_by_side(p0.bits, p1.bits, half), second = side_by_side(p2.bits, p3.bits, half);
        const uint32_t a[kRegistersA] = {signs_at(first, group, shown0), signs_at(first, 8 + group, shown0),
            signs_at(second, group, shown1), signs_at(second, 8 + group, shown1)};
#pragma unroll
        for (uint32_t c = 0; c < Tile::kColumnTiles; c++)
        {
            mma_bf16(sums.value[t][c], a, high[c]);
            mma_bf16(sums.value[t][c], a, low[c]);
        }
    }
}

template <class Tile>
__device__ __forceinline__ void add(WeightGradSums<Tile>& total, const float* more, uint32_t pitch)
{
    float* sums = &total.value[0][0][0];
#pragma unroll
    for (uint32_t i = 0; i < Tile::kSums; i++)
        sums[i] += more[i * pitch];
}

// The groups' sums, added up in their order by the first.
template <class Tile>
__device__ __forceinline__ void add_groups(uint32_t group, uint32_t member, WeightGradShared<Tile>& shared, WeightGradSums<Tile>& total)
{
    for (uint32_t other = 1; other < Tile::kGroups; other++)
    {
        __syncthreads();
        if (group == other)
#pragma unroll
            for (uint32_t i = 0; i < Tile::kSums; i++)
                shared.sums[member * Tile::kSums + i][threadIdx.x % 32] = (&total.value[0][0][0])[i];
        __syncthreads();
        if (group == 0)
            add<Tile>(total, &shared.sums[member * Tile::kSums][threadIdx.x % 32], 32);
    }
}

template <class Tile>
__device__ __forceinline__ void store_slice(const ConvGeometry& g, const SliceBlock& block, uint32_t tap_row, uint32_t half,
    const WeightGradSums<Tile>& sums, float* partial)
{
    const uint32_t first = block.channels * Tile::kChannels + (Tile::kHalves == 1 ? 0 : half) * kMmaRows + lane_group();
    const uint32_t filter = kTaps * g.i;
#pragma unroll
    for (uint32_t c = 0; c < 2 * Tile::kColumnTiles; c++)
    {
        const uint32_t o = block.filters * Tile::kFilters + c / 2 * kMmaColumns + 2 * lane_step() + c % 2;
        if (o >= g.o)
            continue;
        float* target = partial + ((uint64_t)block.slice * g.o + o) * filter + tap_row * kSide * g.i;
#pragma unroll
        for (uint32_t t = 0; t < kSide; t++)
#pragma unroll
            for (uint32_t r = 0; r < 2; r++)
                if (first + 8 * r < g.i)
                    target[t * g.i + first + 8 * r] = sums.value[t][c / 2][2 * r + c % 2];
    }
}

template <class Tile, class Gradient>
__device__ __forceinline__ void weight_grad_slice(const ConvGeometry& g, const SliceBlock& block, const PixelTile& tile, uint32_t tiles,
    uint32_t slice_tiles, const Gradient& gradient, const uint32_t* x_bits, float* partial)
{
    __shared__ WeightGradShared<Tile> shared;
    const uint32_t o = block.filters * Tile::kFilters + threadIdx.x % Tile::kFilters;
    const typename Gradient::Channel channel = gradient.channel(o < g.o ? o : 0);
    const uint32_t warp = threadIdx.x / 32, group = warp / Tile::kTeam, member = warp % Tile::kTeam, tap_row = member % kSide;
    const uint32_t half = Tile::kHalves == 1 ? block.channels % 2 : member / kSide; // of the 32 channels of a word
    const uint32_t first = block.slice * slice_tiles, end = tiles - first < slice_tiles ? tiles : first + slice_tiles;
    const Halo halo = window_halo(tile, kSide, g.stride);
    const uint32_t places = halo.count(tile);
    list_pixels<Tile::kThreads>(halo, places, shared.halo);
    WeightGradSums<Tile> total = {};
    for (uint32_t number = first; number < end; number++)
    {
        __syncthreads();
        const TilePixel place = first_of_tile(tile, number);
        load_signs<Tile>(g, block, place, places, x_bits, shared);
        load_gradient<Tile>(g, block, tile, place, gradient, channel, shared);
        finish_copies();
        __syncthreads();
        // Added to the total in single precision: what tensor cores add to, they cut off instead of rounding.
        WeightGradSums<Tile> sums = {};
        for (uint32_t round = group; round < kRounds; round += Tile::kGroups)
            multiply_round<Tile>(g, tile, halo, round, tap_row, half, shared, sums);
        add<Tile>(total, &sums.value[0][0][0], 1);
    }

    add_groups<Tile>(group, member, shared, total);
    if (group == 0)
        store_slice<Tile>(g, block, tap_row, half, total, partial);
}

// In a launch of its own the grid says what a block takes.
template <class Tile, class Gradient>
__device__ __forceinline__ void weight_grad_slice(const ConvGeometry& g, const PixelTile& tile, uint32_t tiles, uint32_t slice_tiles,
    const Gradient& gradient, const uint32_t* x_bits, float* partial)
{
    weight_grad_slice<Tile>(g, {blockIdx.x, blockIdx.y, blockIdx.z}, tile, tiles, slice_tiles, gradient, x_bits, partial);
}
