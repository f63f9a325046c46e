// softmax_cross_entropy: mean cross-entropy of softmax(logits), its gradient dlogits = (softmax - onehot) / N (skipped where dlogits is
// null), and hits.
// metrics += (sum of losses, top-1 hits, top-5 hits); loss = mean. A hit: fewer than k logits rank above the label's,
// greater ones or equal ones at a lower index; a row with a NaN is a miss. A batch has some hundred rows of ten classes: one block, a
// thread a row, in double, added up in one order. It moves the pass's cursor too, where that is not left to a launch of its own.
#include "block_sum.cuh"
#include "launch_order.cuh"
#include <math.h>

constexpr uint32_t kBlock = 256;

struct RowResult
{
    double loss;
    uint32_t rank;
    bool valid;
};

// The loss of one row; writes its gradient.
__device__ __forceinline__ RowResult row_loss(const float* z, uint32_t label, uint32_t classes, uint32_t rows, float* dz)
{
    float largest = z[0];
    uint32_t rank = 0;
    for (uint32_t k = 0; k < classes; k++)
    {
        largest = fmaxf(largest, z[k]);
        rank += z[k] > z[label] || (z[k] == z[label] && k < label) ? 1u : 0u;
    }

    double sum = 0.0;
    for (uint32_t k = 0; k < classes; k++)
        sum += exp((double)z[k] - largest);
    for (uint32_t k = 0; dz != nullptr && k < classes; k++)
        dz[k] = (float)((exp((double)z[k] - largest) / sum - (k == label ? 1.0 : 0.0)) / rows);
    return {log(sum) + largest - z[label], rank, !isnan(sum)};
}

extern "C" __global__ void __launch_bounds__(kBlock) softmax_cross_entropy(
    const float* __restrict__ logits,   // [N,classes]
    const int32_t* __restrict__ labels, // [N]
    float* __restrict__ dlogits,        // [N,classes] or null
    double* __restrict__ loss,          // [1]
    double* __restrict__ metrics,       // [3]
    int64_t* __restrict__ counters,     // [3]: cursor, epoch, seed; or null
    uint32_t n, uint32_t classes, uint32_t images)
{
    start_in_turn();
    double total = 0.0, top1 = 0.0, top5 = 0.0;
    for (uint64_t row = threadIdx.x; row < n; row += kBlock)
    {
        float* gradient = dlogits == nullptr ? nullptr : dlogits + row * classes;
        const RowResult result = row_loss(logits + row * classes, (uint32_t)labels[row], classes, n, gradient);
        total += result.loss;
        top1 += result.valid && result.rank < 1 ? 1.0 : 0.0;
        top5 += result.valid && result.rank < 5 ? 1.0 : 0.0;
    }

    total = block_sum<kBlock>(total);
    top1 = block_sum<kBlock>(top1);
    top5 = block_sum<kBlock>(top5);
    if (threadIdx.x == 0)
    {
        *loss = total / n;
        metrics[0] += total;
        metrics[1] += top1;
        metrics[2] += top5;
        if (counters != nullptr)
            counters[0] += images;
    }
}
