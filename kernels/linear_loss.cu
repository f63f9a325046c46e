// linear_loss: the end of a forward pass in one launch: the last pass of a batch norm, where x is the result of one, a linear layer, the
// loss with its gradient and its metrics, and the move of the pass's cursor. What each computes stands in batch_norm.cu, linear.cu,
// softmax_cross_entropy.cu and advance.cu. A warp has a row: its lanes hold x, then a class each; so there are at most 512 inputs and 32
// classes. Losses and hits are added up in double: those of a block's rows, then the blocks' in their order, by the last of them.
#include "block_sum.cuh"
#include "for_host.cuh"
#include "last_block.cuh"
#include "launch_order.cuh"
#include "rectified.cuh"
#include <math.h>

constexpr uint32_t kBlock = 128; // a small launch: small blocks reach more multiprocessors
constexpr uint32_t kLanes = 32;
constexpr uint32_t kRows = kBlock / kLanes;
constexpr uint32_t kMostInputs = 512; // 16 registers a lane
constexpr uint32_t kEach = kMostInputs / kLanes;
constexpr uint32_t kAllLanes = 0xFFFFFFFFu;

FOR_HOST(linear_loss_rows, kRows)
FOR_HOST(linear_loss_inputs, kMostInputs)
FOR_HOST(linear_loss_classes, kLanes)

// The batch norm whose result x is; z null where x stands in memory.
struct LastNorm
{
    const float *z, *gamma, *beta, *mean, *deviation; // [N,I]; [I], gamma and beta or null; 1 / deviation, or in evaluation the variance
    uint32_t rectify, evaluate;
    float epsilon;

    __device__ __forceinline__ float at(uint64_t at, uint32_t c) const
    {
        const float d = deviation[c], inverse = evaluate != 0 ? 1.0f / sqrtf(d + epsilon) : d;
        const float factor = gamma == nullptr ? inverse : gamma[c] * inverse;
        return factor * (rectified(z[at], rectify) - mean[c]) + (beta == nullptr ? 0.0f : beta[c]);
    }
};

struct RowResult
{
    double loss, top1, top5;
};

// This lane's values of a row of x, every 32nd; writes them where batch norm has not.
__device__ __forceinline__ void read_row(const LastNorm& norm, float* x, uint32_t row, uint32_t inputs, float (&own)[kEach])
{
#pragma unroll
    for (uint32_t j = 0; j < kEach; j++)
    {
        const uint32_t c = j * kLanes + threadIdx.x % kLanes;
        const uint64_t at = (uint64_t)row * inputs + c;
        own[j] = 0.0f;
        if (c >= inputs)
            continue;
        own[j] = norm.z == nullptr ? x[at] : norm.at(at, c);
        if (norm.z != nullptr)
            x[at] = own[j];
    }
}

// The logit of this lane's class; every lane adds up its share of each.
__device__ __forceinline__ float logit(const float (&own)[kEach], const float* w, const float* b, uint32_t inputs, uint32_t classes)
{
    const uint32_t lane = threadIdx.x % kLanes;
    float result = 0.0f;
    for (uint32_t k = 0; k < classes; k++)
    {
        float sum = 0.0f;
#pragma unroll
        for (uint32_t j = 0; j < kEach; j++)
            if (j * kLanes + lane < inputs)
                sum += own[j] * w[(uint64_t)k * inputs + j * kLanes + lane];
#pragma unroll
        for (int32_t lanes = kLanes / 2; lanes > 0; lanes /= 2)
            sum += __shfl_xor_sync(kAllLanes, sum, lanes);
        result = lane == k ? sum + b[k] : result;
    }
    return result;
}

// The loss of a row, whose logits the lanes hold; writes its gradient.
__device__ __forceinline__ RowResult row_loss(float z, uint32_t label, uint32_t classes, uint32_t rows, float* dz)
{
    const uint32_t lane = threadIdx.x % kLanes;
    const bool exists = lane < classes;
    const float of_label = __shfl_sync(kAllLanes, z, (int32_t)label);
    const uint32_t rank =
        (uint32_t)__popc(__ballot_sync(kAllLanes, exists && (z > of_label || (z == of_label && lane < label))));
    float largest = exists ? z : -INFINITY;
#pragma unroll
    for (int32_t lanes = kLanes / 2; lanes > 0; lanes /= 2)
        largest = fmaxf(largest, __shfl_xor_sync(kAllLanes, largest, lanes));
    const double share = exists ? exp((double)z - largest) : 0.0;
    double sum = share;
#pragma unroll
    for (int32_t lanes = kLanes / 2; lanes > 0; lanes /= 2)
        sum += __shfl_xor_sync(kAllLanes, sum, lanes);
    if (dz != nullptr && exists)
        dz[lane] = (float)((share / sum - (lane == label ? 1.0 : 0.0)) / rows);
    const bool valid = !isnan(sum);
    return {log(sum) + largest - of_label, valid && rank < 1 ? 1.0 : 0.0, valid && rank < 5 ? 1.0 : 0.0};
}

// The sums of a block's rows, by its first thread.
__device__ __forceinline__ void store_block(const RowResult (&rows)[kRows], double* partial)
{
    RowResult sum = rows[0];
    for (uint32_t other = 1; other < kRows; other++)
    {
        sum.loss += rows[other].loss;
        sum.top1 += rows[other].top1;
        sum.top5 += rows[other].top5;
    }
    partial[0] = sum.loss;
    partial[1] = sum.top1;
    partial[2] = sum.top5;
}

// Those of all blocks, by the threads of the last.
__device__ __forceinline__ void finish_loss(const double* partial, uint32_t rows, double* loss, double* metrics)
{
    for (uint32_t s = 0; s < 3; s++)
    {
        double sum = 0.0;
        for (uint32_t other = threadIdx.x; other < gridDim.x; other += kBlock)
            sum += partial[other * 3 + s];
        sum = block_sum<kBlock>(sum);
        if (threadIdx.x != 0)
            continue;
        metrics[s] += sum;
        if (s == 0)
            *loss = sum / rows;
    }
}

extern "C" __global__ void __launch_bounds__(kBlock, 4) linear_loss(
    const float* __restrict__ z,         // [N,I]: what the batch norm took; null where there is none, as all that has to do with it
    const float* __restrict__ gamma,     // [I] or null
    const float* __restrict__ beta,      // [I] or null
    const float* __restrict__ mean,      // [I]
    const float* __restrict__ deviation, // [I]: 1 / deviation, or in evaluation the variance
    float* __restrict__ x,               // [N,I]: written where there is a batch norm, else read
    const float* __restrict__ w,         // [O,I]
    const float* __restrict__ b,         // [O]
    const int32_t* __restrict__ labels,  // [N]
    float* __restrict__ logits,          // [N,O]
    float* __restrict__ dlogits,         // [N,O] or null
    double* partial,                     // [blocks,3]
    uint32_t* ticket,                    // [1], 0 before and after
    double* __restrict__ loss,           // [1]
    double* __restrict__ metrics,        // [3]
    int64_t* __restrict__ counters,      // [3]: cursor, epoch, seed; or null
    uint32_t n, uint32_t i, uint32_t o, uint32_t rectify, uint32_t evaluate, uint32_t images, float epsilon)
{
    start_in_turn();
    __shared__ RowResult results[kRows];
    const uint32_t lane = threadIdx.x % kLanes, row = blockIdx.x * kRows + threadIdx.x / kLanes;
    RowResult result = {0.0, 0.0, 0.0};
    if (row < n)
    {
        float own[kEach];
        read_row({z, gamma, beta, mean, deviation, rectify, evaluate, epsilon}, x, row, i, own);
        const float mine = logit(own, w, b, i, o);
        if (lane < o)
            logits[(uint64_t)row * o + lane] = mine;
        result = row_loss(mine, (uint32_t)labels[row], o, n, dlogits == nullptr ? nullptr : dlogits + (uint64_t)row * o);
    }
    if (lane == 0)
        results[threadIdx.x / kLanes] = result;
    __syncthreads();
    if (threadIdx.x == 0)
        store_block(results, partial + blockIdx.x * 3);
    if (!is_last_block(ticket))
        return;
    finish_loss(partial, n, loss, metrics);
    if (threadIdx.x == 0 && counters != nullptr)
        counters[0] += images;
}
