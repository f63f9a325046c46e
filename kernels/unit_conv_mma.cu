// The first half of a binary unit forward, [binary convolution, ReLU, batch norm, shortcut]: the counts n, as xnor_mma.cuh finds them, kept
// as 16-bit integers, and in the same pass the sums over all pixels of max(n, 0) and of its square, as integers: exact, in any order. The
// last block turns the sums into the batch's statistics of z = scale * max(n, 0), as batch_norm_statistics does, and clears them for the
// next launch. In evaluation there are no sums. One entry a form of the product. Derivation in notes/binary_unit.md.
//
// x_bits [N,H,W,words(I)], w_bits [O,K,K,words(I)] with O a multiple of 8, scale [1], counts [N,OH,OW,O]; in training sums [2,O], 0 before
// and after, ticket [1], the same, mean, inv_std, running_mean, running_variance [O]; in evaluation sums is null.
#include "batch_statistics.cuh"
#include "last_block.cuh"
#include "launch_order.cuh"
#include "xnor_mma.cuh"

constexpr uint32_t kBlock = kXnorThreads;
// Fits 16 bits; over all pixels that a lane may have their sum fits 32, and so does that of the squares over those of one tile.
constexpr uint32_t kMostCount = 11585;
constexpr uint32_t kBlocks = 4; // a multiprocessor, at least

FOR_HOST(unit_most_count, kMostCount)

using Whole = unsigned long long;

struct CountSums
{
    int32_t sum[2 * kFilterTiles];
    Whole squares[2 * kFilterTiles];
};

// Adds up the four lanes of a warp that have the same channels.
__device__ __forceinline__ void add_lanes(CountSums& sums)
{
#pragma unroll
    for (uint32_t c = 0; c < 2 * kFilterTiles; c++)
#pragma unroll
        for (int32_t lanes = 1; lanes < 4; lanes *= 2)
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
    if (lane_step() == 0)
#pragma unroll
        for (uint32_t c = 0; c < 2 * kFilterTiles; c++)
        {
            const uint32_t channel = c / 2 * kMmaRows + 2 * lane_group() + c % 2;
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

struct UnitConv
{
    const uint32_t *x_bits, *w_bits;
    const float* scale;
    int16_t* counts;
    uint64_t* sums;
    uint32_t* ticket;
    uint32_t pixel_tiles;
};

template <class Form>
__device__ __forceinline__ void convolve(const ConvGeometry& g, const UnitConv& unit, const BatchStatistics& statistics)
{
    __shared__ XnorShared shared;
    prepare_words<Form>(g, unit.w_bits, shared);
    CountSums own = {};
    for (uint32_t tile = blockIdx.x; tile < unit.pixel_tiles; tile += gridDim.x)
    {
        uint32_t squares[2 * kFilterTiles] = {};
        xnor_tile<Form>(g, unit.x_bits, unit.w_bits, tile, shared,
            [&](uint32_t pixel, uint32_t pair, uint32_t channel, int32_t first, int32_t second)
        {
            *reinterpret_cast<short2*>(unit.counts + (uint64_t)pixel * g.o + channel) = make_short2((int16_t)first, (int16_t)second);
            const int32_t positive[2] = {max(first, 0), max(second, 0)};
#pragma unroll
            for (uint32_t c = 0; c < 2; c++)
            {
                own.sum[2 * pair + c] += positive[c];
                squares[2 * pair + c] += (uint32_t)(positive[c] * positive[c]);
            }
        });
#pragma unroll
        for (uint32_t c = 0; c < 2 * kFilterTiles; c++)
            own.squares[c] += squares[c];
    }
    if (unit.sums == nullptr)
        return;
    Whole* total = reinterpret_cast<Whole*>(unit.sums);
    add_block(g, own, total);
    if (is_last_block(unit.ticket))
        finish_statistics(g, *unit.scale, total, statistics);
}

extern "C" __global__ void __launch_bounds__(kBlock, kBlocks) unit_conv_mma(const uint32_t* __restrict__ x_bits,
    const uint32_t* __restrict__ w_bits, const float* __restrict__ scale, int16_t* __restrict__ counts, uint64_t* sums, uint32_t* ticket,
    float* __restrict__ mean, float* __restrict__ inv_std, float* __restrict__ running_mean, float* __restrict__ running_variance,
    ConvGeometry g, uint32_t pixel_tiles, double momentum, float epsilon)
{
    start_in_turn();
    convolve<AndForm>(g, {x_bits, w_bits, scale, counts, sums, ticket, pixel_tiles},
        {mean, inv_std, running_mean, running_variance, (double)g.n * g.oh * g.ow, momentum, epsilon});
}

extern "C" __global__ void __launch_bounds__(kBlock, kBlocks) unit_conv_mma_xor(const uint32_t* __restrict__ x_bits,
    const uint32_t* __restrict__ w_bits, const float* __restrict__ scale, int16_t* __restrict__ counts, uint64_t* sums, uint32_t* ticket,
    float* __restrict__ mean, float* __restrict__ inv_std, float* __restrict__ running_mean, float* __restrict__ running_variance,
    ConvGeometry g, uint32_t pixel_tiles, double momentum, float epsilon)
{
    start_in_turn();
    convolve<XorForm>(g, {x_bits, w_bits, scale, counts, sums, ticket, pixel_tiles},
        {mean, inv_std, running_mean, running_variance, (double)g.n * g.oh * g.ow, momentum, epsilon});
}

extern "C" __global__ void __launch_bounds__(kBlock, 1) unit_conv_mma_int8(const uint32_t* __restrict__ x_bits,
    const uint32_t* __restrict__ w_bits, const float* __restrict__ scale, int16_t* __restrict__ counts, uint64_t* sums, uint32_t* ticket,
    float* __restrict__ mean, float* __restrict__ inv_std, float* __restrict__ running_mean, float* __restrict__ running_variance,
    ConvGeometry g, uint32_t pixel_tiles, double momentum, float epsilon)
{
    start_in_turn();
    convolve<Int8Form>(g, {x_bits, w_bits, scale, counts, sums, ticket, pixel_tiles},
        {mean, inv_std, running_mean, running_variance, (double)g.n * g.oh * g.ow, momentum, epsilon});
}
