// image_conv: the first convolution of a network, 3 x 3 over images of three channels, y = x convolved with w in single precision, and in
// the same pass what a batch norm of y begins with: sums of z and z^2 in double, z = rectify ? max(y, 0) : y, of which the last block makes
// the statistics. Products are added up in the order of `conv`: the same bits. x [N,H,W,3], w [O,3,3,3], y [N,OH,OW,O], O a multiple of 16.
//
// A block has 16 channels of y and four tiles of 128 pixels at a time, 64 threads each: two warps with 8 of the channels, a lane with four
// of the pixels. The images lie in shared memory as they are, so a tap is read where it lies.
#include "batch_statistics.cuh"
#include "image_tile.cuh"
#include "launch_order.cuh"
#include "rectified.cuh"
#include "row_sums.cuh"

constexpr uint32_t kBlock = kSumBlock;
constexpr uint32_t kTeams = 4, kTeamThreads = kBlock / kTeams;
constexpr uint32_t kLanePixels = kTilePixels / 32, kLaneChannels = kOutputs / (kTeamThreads / 32);
static_assert(kOutputs == kTileChannels, "sums are finished 16 channels at a time");

FOR_HOST(image_conv_tiles, kTeams)

struct ImageConvShared
{
    alignas(16) float w[kDepth][kOutputs];
    float x[kTeams][kMostImageHalo * kImageChannels];
    uint32_t halo[kMostImageHalo];
};

struct ChannelSums
{
    double sum[kLaneChannels], squares[kLaneChannels];
};

__device__ __forceinline__ void load_filters(const float* w, ImageConvShared& shared)
{
    for (uint32_t at = threadIdx.x; at < kDepth * kOutputs; at += kBlock)
        shared.w[at % kDepth][at / kDepth] = w[(uint64_t)blockIdx.y * kOutputs * kDepth + at];
}

// y of this lane's pixels and channels.
__device__ __forceinline__ void multiply(
    const ImageConvShared& shared, const float* x, const uint32_t (&corner)[kLanePixels], uint32_t pitch, uint32_t channel,
    float (&y)[kLanePixels][kLaneChannels])
{
    for (uint32_t a = 0; a < kSide; a++)
#pragma unroll
        for (uint32_t k = 0; k < kRow; k++)
        {
            float pixel[kLanePixels];
#pragma unroll
            for (uint32_t p = 0; p < kLanePixels; p++)
                pixel[p] = x[corner[p] + a * pitch + k];
#pragma unroll
            for (uint32_t c = 0; c < kLaneChannels; c++)
            {
                const float weight = shared.w[a * kRow + k][channel + c];
#pragma unroll
                for (uint32_t p = 0; p < kLanePixels; p++)
                    y[p][c] += pixel[p] * weight;
            }
        }
}

// The sums of a warp's lanes, then of the teams, for the threads that finish them.
__device__ __forceinline__ Pair add_teams(ChannelSums& own)
{
    __shared__ Pair of_warp[kBlock / 32][kLaneChannels];
#pragma unroll
    for (uint32_t c = 0; c < kLaneChannels; c++)
    {
#pragma unroll
        for (int32_t lanes = 1; lanes < 32; lanes *= 2)
        {
            own.sum[c] += __shfl_xor_sync(0xFFFFFFFFu, own.sum[c], lanes);
            own.squares[c] += __shfl_xor_sync(0xFFFFFFFFu, own.squares[c], lanes);
        }
        if (threadIdx.x % 32 == 0)
            of_warp[threadIdx.x / 32][c] = {own.sum[c], own.squares[c]};
    }
    __syncthreads();
    const uint32_t team = threadIdx.x / kTileChannels, channel = threadIdx.x % kTileChannels;
    return team < kTeams ? of_warp[team * (kTeamThreads / 32) + channel / kLaneChannels][channel % kLaneChannels] : Pair{0.0, 0.0};
}

extern "C" __global__ void __launch_bounds__(kBlock, 2) image_conv(
    const float* __restrict__ x,          // [N,H,W,3]
    const float* __restrict__ w,          // [O,3,3,3]
    float* __restrict__ y,                // [N,OH,OW,O]
    double* partial,                      // [blocks,2,O]; null where no batch norm wants its statistics, as the rest
    uint32_t* tickets,                    // [O / 16], 0 before and after
    float* __restrict__ mean,             // [O]
    float* __restrict__ inv_std,          // [O]
    float* __restrict__ running_mean,     // [O]
    float* __restrict__ running_variance, // [O]
    ConvGeometry g, PixelTile tile, uint32_t tiles, uint32_t rectify, double momentum, float epsilon)
{
    start_in_turn();
    __shared__ ImageConvShared shared;
    const uint32_t team = threadIdx.x / kTeamThreads, thread = threadIdx.x % kTeamThreads, lane = threadIdx.x % 32;
    const uint32_t channel = thread / 32 * kLaneChannels, first_channel = blockIdx.y * kOutputs + channel;
    const Halo halo = window_halo(tile, kSide, g.stride);
    const uint32_t count = halo.count(tile), pitch = halo.columns * kImageChannels;
    list_pixels<kBlock>(halo, count, shared.halo);
    load_filters(w, shared);
    ChannelSums own = {};
    // Every team goes as often as the block's first.
    for (uint32_t number = blockIdx.x * kTeams; number < tiles; number += gridDim.x * kTeams)
    {
        const TilePixel first = first_of_tile(tile, number + team);
        __syncthreads();
        load_images(g, first, shared.halo, count, x, thread, kTeamThreads, shared.x[team]);
        __syncthreads();
        uint32_t corner[kLanePixels];
#pragma unroll
        for (uint32_t p = 0; p < kLanePixels; p++)
        {
            const TilePixel pixel = pixel_of_tile(tile, lane + 32 * p);
            corner[p] = halo.index(pixel.image, pixel.row * g.stride, pixel.column * g.stride) * kImageChannels;
        }
        float sums[kLanePixels][kLaneChannels] = {};
        multiply(shared, shared.x[team], corner, pitch, channel, sums);
#pragma unroll
        for (uint32_t p = 0; p < kLanePixels; p++)
        {
            const TilePixel pixel = pixel_of_tile(tile, lane + 32 * p);
            const uint32_t image = first.image + pixel.image, row = first.row + pixel.row, column = first.column + pixel.column;
            if (number + team >= tiles || image >= g.n || row >= g.oh || column >= g.ow)
                continue;
            float* target = y + ((uint64_t)(image * g.oh + row) * g.ow + column) * g.o + first_channel;
#pragma unroll
            for (uint32_t c = 0; c < kLaneChannels; c += 4)
                *reinterpret_cast<float4*>(target + c) = make_float4(sums[p][c], sums[p][c + 1], sums[p][c + 2], sums[p][c + 3]);
            if (partial != nullptr)
#pragma unroll
                for (uint32_t c = 0; c < kLaneChannels; c++)
                {
                    const double z = rectified(sums[p][c], rectify);
                    own.sum[c] += z;
                    own.squares[c] += z * z;
                }
        }
    }

    if (partial == nullptr)
        return;
    const BatchStatistics statistics = {
        mean, inv_std, running_mean, running_variance, (double)g.n * g.oh * g.ow, momentum, epsilon};
    finish_rows(add_teams(own), g.o, partial, tickets, [&](uint32_t c, const Pair& all)
    {
        statistics.store_sums(c, all.first, all.second);
    });
}
