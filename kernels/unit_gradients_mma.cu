// Both gradients of a binary unit of 16 channels at once: unit_input_grad_mma16, and of the same dy in shared memory the weights'
// gradient, which unit_weight_grad_mma16 would read again. For a 3 x 3 convolution of stride 1 that keeps the image's size, so that a pixel
// of dy lies where the pixel of x lies, O = 16 and I at most 16. partial [blocks,O,3,3,I]: a block adds up its own tiles.
//
// As in weight_grad_mma.cuh: row = channel of x, for each tap, column = filter, depth = pixel. A warp has two of the nine taps, and of the
// last one every fourth pair of rounds of 16 pixels. Sums over a tile are added to those in shared memory, where each thread has its own.
#include "input_grad_mma.cuh"
#include "launch_order.cuh"

constexpr uint32_t kSide = 3, kLastTap = kSide * kSide - 1, kWarps = kInputGradThreads / 32, kTapsOfWarp = kLastTap / kWarps;
constexpr uint32_t kColumnTiles = kDepthChannels / kMmaColumns;
constexpr uint32_t kRoundPixels = 16, kRounds = kTilePixels / kRoundPixels, kFours = kRoundPixels / 4;
constexpr uint32_t kTapSums = kColumnTiles * kRegistersD; // of a lane for one tap
static_assert(kTapsOfWarp * kWarps == kLastTap && kRounds % kWarps == 0, "the last tap is shared, the others are not");

struct UnitWeightShared
{
    uint32_t x[kMostInputHalo];                                        // signs of 16 channels below, above ones where there is a pixel
    uint16_t corner[kRounds][kFours];                                  // tap 0 of every four neighbours of the tile, in the halo
    float total[(kTapsOfWarp + 1) * kTapSums][kInputGradThreads];
};

// The weights' gradient, beside the input's.
struct UnitWeights
{
    const uint32_t* x_bits; // [N,H,W]
    UnitWeightShared& shared;

    __device__ __forceinline__ void start(const PixelTile& tile)
    {
        const Halo halo = {rows_of(tile) + kSide - 1, columns_of(tile) + kSide - 1};
        if (threadIdx.x < kRounds * kFours)
        {
            const TilePixel pixel = pixel_of_tile(tile, 4 * threadIdx.x);
            shared.corner[threadIdx.x / kFours][threadIdx.x % kFours] = (uint16_t)halo.index(pixel.image, pixel.row, pixel.column);
        }
        for (uint32_t i = 0; i < (kTapsOfWarp + 1) * kTapSums; i++)
            shared.total[i][threadIdx.x] = 0.0f;
    }

    // In any case, from the first pixel where there is none.
    __device__ __forceinline__ void copy(const uint32_t* source, uint32_t count)
    {
        for (uint32_t at = threadIdx.x; at < count; at += kInputGradThreads)
            copy_async<4>(&shared.x[at], x_bits + (source[at] == kAbsent ? 0u : source[at]));
    }

    // What this thread has copied.
    __device__ __forceinline__ void finish(const uint32_t* source, uint32_t count)
    {
        for (uint32_t at = threadIdx.x; at < count; at += kInputGradThreads)
            shared.x[at] = source[at] == kAbsent ? 0u : shared.x[at] | 0xFFFF0000u;
    }

    __device__ __forceinline__ void multiply(const Halo& halo, const InputGradShared& dy)
    {
        const uint32_t warp = threadIdx.x / 32;
        float sums[kTapsOfWarp][kColumnTiles][kRegistersD] = {}, last[kColumnTiles][kRegistersD] = {};
        uint32_t taps[kTapsOfWarp];
#pragma unroll
        for (uint32_t t = 0; t < kTapsOfWarp; t++)
            taps[t] = place_of_tap(halo, kTapsOfWarp * warp + t);
        for (uint32_t round = 0; round < kRounds; round++)
        {
            uint32_t at[kFours];
#pragma unroll
            for (uint32_t four = 0; four < kFours; four++)
                at[four] = shared.corner[round][four] + lane_step();
            uint32_t b[2][kColumnTiles][kRegistersB];
            load_gradient(dy, at, halo.columns + 1, b);
#pragma unroll
            for (uint32_t t = 0; t < kTapsOfWarp; t++)
                multiply_tap(at, taps[t], b, sums[t]);
            if (round % kWarps == warp)
                multiply_tap(at, place_of_tap(halo, kLastTap), b, last);
        }

#pragma unroll
        for (uint32_t t = 0; t < kTapsOfWarp; t++)
            add(t, sums[t]);
        add(kTapsOfWarp, last);
    }

    // What all warps have of the last tap is added up in their order.
    __device__ __forceinline__ void store(const ConvGeometry& g, float* partial)
    {
        __syncthreads();
        for (uint32_t t = 0; t < kTapsOfWarp; t++)
            store_tap(g, kTapsOfWarp * (threadIdx.x / 32) + t, t, 1, partial);
        if (threadIdx.x < 32)
            store_tap(g, kLastTap, kTapsOfWarp, kWarps, partial);
    }

private:
    static __device__ __forceinline__ uint32_t place_of_tap(const Halo& halo, uint32_t tap)
    {
        return tap / kSide * halo.columns + tap % kSide;
    }

    // Pixels of dy as pairs, of which 16 bits each are those of this lane's filter. First half of the lanes take the first parts and then
    // what they leave, the others the other way round, so that no two read different rows of one bank; both products go to the same sums.
    static __device__ __forceinline__ void load_gradient(const InputGradShared& dy, const uint32_t (&at)[kFours], uint32_t centre,
        uint32_t (&b)[2][kColumnTiles][kRegistersB])
    {
        const uint32_t filter = lane_group(), part = lane_step() / 2;
#pragma unroll
        for (uint32_t p = 0; p < 2; p++)
#pragma unroll
            for (uint32_t c = 0; c < kColumnTiles; c++)
            {
                const uint32_t word = (kMmaColumns * c + filter) / kQuad * 4 + filter % kQuad / 2 + 2 * (part ^ p);
#pragma unroll
                for (uint32_t r = 0; r < kRegistersB; r++)
                    b[p][c][r] = side_by_side(word_of(dy, at[2 * r] + centre, word), word_of(dy, at[2 * r + 1] + centre, word), filter % 2);
            }
    }

    static __device__ __forceinline__ uint32_t word_of(const InputGradShared& dy, uint32_t pixel, uint32_t word)
    {
        return reinterpret_cast<const uint32_t*>(dy.dy[pixel])[word];
    }

    __device__ __forceinline__ void multiply_tap(const uint32_t (&at)[kFours], uint32_t tap,
        const uint32_t (&b)[2][kColumnTiles][kRegistersB], float (&sums)[kColumnTiles][kRegistersD]) const
    {
        uint32_t a[kRegistersA];
#pragma unroll
        for (uint32_t half = 0; half < 2; half++)
        {
            const uint32_t first = shared.x[at[2 * half] + tap], second = shared.x[at[2 * half + 1] + tap];
            const uint32_t signs = side_by_side(first, second, 0), shown = side_by_side(first, second, 1);
            a[2 * half] = signs_at(signs, lane_group(), shown);
            a[2 * half + 1] = signs_at(signs, 8 + lane_group(), shown);
        }
#pragma unroll
        for (uint32_t c = 0; c < kColumnTiles; c++)
        {
            mma_bf16(sums[c], a, b[0][c]);
            mma_bf16(sums[c], a, b[1][c]);
        }
    }

    __device__ __forceinline__ void add(uint32_t tap, const float (&sums)[kColumnTiles][kRegistersD])
    {
#pragma unroll
        for (uint32_t c = 0; c < kColumnTiles; c++)
#pragma unroll
            for (uint32_t r = 0; r < kRegistersD; r++)
                shared.total[tap * kTapSums + c * kRegistersD + r][threadIdx.x] += sums[c][r];
    }

    __device__ __forceinline__ void store_tap(const ConvGeometry& g, uint32_t tap, uint32_t place, uint32_t warps, float* partial) const
    {
#pragma unroll
        for (uint32_t s = 0; s < kTapSums; s++)
        {
            const uint32_t c = s / kRegistersD, r = s % kRegistersD;
            const uint32_t i = lane_group() + 8 * (r / 2), o = kMmaColumns * c + 2 * lane_step() + r % 2;
            float sum = 0.0f;
            for (uint32_t warp = 0; warp < warps; warp++)
                sum += shared.total[place * kTapSums + s][threadIdx.x + 32 * warp];
            if (i < g.i)
                partial[((blockIdx.x * kDepthChannels + o) * kSide * kSide + tap) * g.i + i] = sum;
        }
    }
};

extern "C" __global__ void __launch_bounds__(kInputGradThreads, kInputGradBlocks) unit_gradients_mma(
    const float* __restrict__ dy, const int16_t* __restrict__ counts, const float* __restrict__ scale, const float* __restrict__ gamma,
    const float* __restrict__ mean, const float* __restrict__ inv_std, const float* __restrict__ dgamma, const float* __restrict__ dbeta,
    const uint32_t* __restrict__ w_bits, const float* __restrict__ x, const uint32_t* __restrict__ x_bits,
    const float* __restrict__ slope_parameters, float* __restrict__ dx, float* __restrict__ partial, PreviousUnit previous,
    PaddedGradient padded, ConvGeometry g, PixelTile tile, uint32_t tiles, uint32_t slope_kind, uint32_t mode)
{
    start_in_turn();
    __shared__ UnitWeightShared shared;
    const UnitGradient gradient = {dy, counts, scale, gamma, mean, inv_std, dgamma, dbeta, 1.0f / (float)(g.n * g.oh * g.ow)};
    const InputGradResult result = {scale, x, slope_parameters, dx, slope_kind, mode, padded};
    UnitWeights weights = {x_bits, shared};
    weights.start(tile);
    input_grad<InputGradTile<16>>(g, tile, tiles, gradient, w_bits, result, previous, weights);
    weights.store(g, partial);
}
