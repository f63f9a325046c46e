// The first half of a binary unit forward, [binary convolution, ReLU, batch norm, shortcut]: the counts n, as xnor_mma.cuh finds them, kept
// as 16-bit integers, and in the same pass the sums over all pixels of max(n, 0) and of its square, as integers: exact, in any order. The
// last block turns the sums into the batch's statistics of z = scale * max(n, 0), as batch_norm_statistics does, and clears them for the
// next launch. In evaluation there are no sums. Derivation in notes/binary_unit.md.
#include "batch_statistics.cuh"
#include "last_block.cuh"
#include "xnor_mma.cuh"

constexpr uint32_t kBlock = kXnorThreads;
constexpr uint32_t kMostCount = 11585; // fits 16 bits, and over all pixels that a lane may have their sum fits 32

FOR_HOST(unit_most_count, kMostCount)

using Whole = unsigned long long;

struct CountSums
{
    int32_t sum[2 * kColumnTiles];
    Whole squares[2 * kColumnTiles];
};

// Adds up the eight lanes of a warp that have the same channels.
__device__ __forceinline__ void add_lanes(CountSums& sums)
{
#pragma unroll
    for (uint32_t c = 0; c < 2 * kColumnTiles; c++)
#pragma unroll
        for (int32_t lanes = 4; lanes < 32; lanes *= 2)
        {
            sums.sum[c] += __shfl_xor_sync(0xFFFFFFFFu, sums.sum[c], lanes);
            sums.squares[c] += __shfl_xor_sync(0xFFFFFFFFu, sums.squares[c], lanes);
        }
}

// Adds the block's sums to those of the grid [2,O].
__device__ __forceinline__ void add_block(const ConvGeometry& g, CountSums& sums, Whole* total)
{
    __shared__ Whole of_warp[kXnorThreads / 32][2][kFilters];
    add_lanes(sums);
    if (lane_group() == 0)
#pragma unroll
        for (uint32_t c = 0; c < 2 * kColumnTiles; c++)
        {
            const uint32_t channel = c / 2 * kMmaColumns + 2 * lane_step() + c % 2;
            of_warp[threadIdx.x / 32][0][channel] = (Whole)sums.sum[c];
            of_warp[threadIdx.x / 32][1][channel] = sums.squares[c];
        }
    __syncthreads();
    const uint32_t which = threadIdx.x / kFilters, channel = threadIdx.x % kFilters, o = blockIdx.y * kFilters + channel;
    if (which >= 2 || o >= g.o)
        return;
    Whole sum = 0;
    for (uint32_t warp = 0; warp < kXnorThreads / 32; warp++)
        sum += of_warp[warp][which][channel];
    atomicAdd(total + (uint64_t)which * g.o + o, sum);
}

__device__ __forceinline__ void finish_statistics(const ConvGeometry& g, float scale, Whole* total, const BatchStatistics& statistics)
{
    for (uint32_t o = threadIdx.x; o < g.o; o += kXnorThreads)
    {
        const double sum = (double)atomicExch(total + o, 0), squares = (double)atomicExch(total + g.o + o, 0);
        const double count = sum / statistics.rows, raw = squares / statistics.rows - count * count;
        statistics.store(o, scale * count, (double)scale * scale * (raw < 0.0 ? 0.0 : raw));
    }
}

extern "C" __global__ void __launch_bounds__(kBlock, 1) unit_conv_mma(
    const uint32_t* __restrict__ x_bits,  // [N,H,W,words(I)]
    const uint32_t* __restrict__ w_bits,  // [O,K,K,words(I)], O a multiple of 8
    const float* __restrict__ scale,      // [1]
    int16_t* __restrict__ counts,         // [N,OH,OW,O]
    uint64_t* sums,                       // [2,O], 0 before and after; null in evaluation, as the rest
    uint32_t* ticket,                     // [1], 0 before and after
    float* __restrict__ mean,             // [O]
    float* __restrict__ inv_std,          // [O]
    float* __restrict__ running_mean,     // [O]
    float* __restrict__ running_variance, // [O]
    ConvGeometry g, uint32_t pixel_tiles, double momentum, float epsilon)
{
    __shared__ XnorShared shared;
    prepare_words(g, shared);
    CountSums own = {};
    for (uint32_t tile = blockIdx.x; tile < pixel_tiles; tile += gridDim.x)
        xnor_tile(g, x_bits, w_bits, tile, shared, [&](uint32_t pixel, uint32_t pair, uint32_t channel, int32_t first, int32_t second)
        {
            *reinterpret_cast<short2*>(counts + (uint64_t)pixel * g.o + channel) = make_short2((int16_t)first, (int16_t)second);
            const int32_t positive[2] = {max(first, 0), max(second, 0)};
#pragma unroll
            for (uint32_t c = 0; c < 2; c++)
            {
                own.sum[2 * pair + c] += positive[c];
                own.squares[2 * pair + c] += (uint32_t)(positive[c] * positive[c]);
            }
        });
    if (sums == nullptr)
        return;
    Whole* total = reinterpret_cast<Whole*>(sums);
    add_block(g, own, total);
    if (is_last_block(ticket))
        finish_statistics(g, *scale, total,
            {mean, inv_std, running_mean, running_variance, (double)g.n * g.oh * g.ow, momentum, epsilon});
}
