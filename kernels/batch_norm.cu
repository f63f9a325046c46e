// Batch norm over rows, training and evaluation (Ioffe & Szegedy, arXiv 1502.03167). z = rectify ? max(x, 0) : x;
// y = gamma (z - mean) inv_std + beta [+ shortcut], gamma null for ones, beta null for zeros.
// Backward: dbeta = sum dy, dgamma = sum dy xhat, dz = gamma inv_std (dy - dbeta / R - xhat dgamma / R),
// dx = dz where x > 0 or rectify is not set, else 0.
// Sums go over R rows in double, in a fixed order: so the variance keeps its digits where the mean is many deviations large, and every
// device finds the same statistics. Derivation in notes/batch_norm.md.
// x, y, shortcut [R,C], all others [C]. Momentum and epsilon are fixed when a network is written, so a graph may freeze them.
#include "batch_statistics.cuh"
#include "grad_mode.cuh"
#include "index.cuh"
#include "launch_order.cuh"
#include "norm_gradient.cuh"
#include "rectified.cuh"
#include "row_sums.cuh"
#include <math.h>

constexpr uint32_t kBlock = kSumBlock;

// The batch's statistics, and the running ones, from sums of z and z^2.
extern "C" __global__ void __launch_bounds__(kBlock) batch_norm_statistics(
    const float* __restrict__ x,          // [R,C]
    double* partial,                      // [slices,2,C]
    uint32_t* tickets,                    // [channels / 16], 0 before and after
    float* __restrict__ mean,             // [C]
    float* __restrict__ inv_std,          // [C]
    float* __restrict__ running_mean,     // [C]
    float* __restrict__ running_variance, // [C]
    uint32_t rows, uint32_t channels, uint32_t slice_rows, uint32_t rectify, double momentum, float epsilon)
{
    start_in_turn();
    const Pair sum = sum_rows(rows, channels, slice_rows, [&](uint64_t i, Pair& sums)
    {
        const double z = rectified(x[i], rectify);
        sums.first += z;
        sums.second += z * z;
    });
    const BatchStatistics statistics = {mean, inv_std, running_mean, running_variance, (double)rows, momentum, epsilon};
    finish_rows(sum, channels, partial, tickets, [&](uint32_t c, const Pair& all)
    {
        statistics.store_sums(c, all.first, all.second);
    });
}

// gamma (z - mean) inv_std + beta [+ shortcut] of this thread's value; inv_std(c) gives that of its channel.
template <class InvStd>
__device__ __forceinline__ void normalise(const float* x, const float* gamma, const float* beta, const float* shortcut, const float* mean,
    const InvStd& inv_std, float* y, uint32_t rows, uint32_t channels, uint32_t rectify)
{
    const uint64_t i = global_index();
    if (i >= (uint64_t)rows * channels)
        return;
    const uint32_t c = (uint32_t)i % channels;
    const float factor = inv_std(c), scale = gamma == nullptr ? factor : gamma[c] * factor, offset = beta == nullptr ? 0.0f : beta[c];
    const float value = scale * (rectified(x[i], rectify) - mean[c]) + offset;
    y[i] = shortcut == nullptr ? value : value + shortcut[i];
}

extern "C" __global__ void __launch_bounds__(kBlock) batch_norm_normalise(
    const float* __restrict__ x,        // [R,C]
    const float* __restrict__ gamma,    // [C] or null
    const float* __restrict__ beta,     // [C] or null
    const float* __restrict__ shortcut, // [R,C] or null
    const float* __restrict__ mean,     // [C]
    const float* __restrict__ inv_std,  // [C]
    float* __restrict__ y,              // [R,C]
    uint32_t rows, uint32_t channels, uint32_t rectify)
{
    start_in_turn();
    normalise(x, gamma, beta, shortcut, mean, [&](uint32_t c) { return inv_std[c]; }, y, rows, channels, rectify);
}

// Evaluation: the same with the running statistics.
extern "C" __global__ void __launch_bounds__(kBlock) batch_norm_evaluate(
    const float* __restrict__ x,                // [R,C]
    const float* __restrict__ gamma,            // [C] or null
    const float* __restrict__ beta,             // [C] or null
    const float* __restrict__ shortcut,         // [R,C] or null
    const float* __restrict__ running_mean,     // [C]
    const float* __restrict__ running_variance, // [C]
    float* __restrict__ y,                      // [R,C]
    uint32_t rows, uint32_t channels, uint32_t rectify, float epsilon)
{
    start_in_turn();
    const auto inv_std = [&](uint32_t c) { return 1.0f / sqrtf(running_variance[c] + epsilon); };
    normalise(x, gamma, beta, shortcut, running_mean, inv_std, y, rows, channels, rectify);
}

// Backward, first: the gradients of gamma and beta, from sums of dy and dy (z - mean).
extern "C" __global__ void __launch_bounds__(kBlock) batch_norm_parameter_grad(
    const float* __restrict__ dy,      // [R,C]
    const float* __restrict__ x,       // [R,C]
    const float* __restrict__ mean,    // [C]
    const float* __restrict__ inv_std, // [C]
    double* partial,                   // [slices,2,C]
    uint32_t* tickets,                 // [channels / 16], 0 before and after
    float* __restrict__ dgamma,        // [C]
    float* __restrict__ dbeta,         // [C]
    uint32_t rows, uint32_t channels, uint32_t slice_rows, uint32_t rectify)
{
    start_in_turn();
    const uint32_t channel = blockIdx.y * kTileChannels + threadIdx.x % kTileChannels;
    const float m = channel < channels ? mean[channel] : 0.0f;
    const Pair sum = sum_rows(rows, channels, slice_rows, [&](uint64_t i, Pair& sums)
    {
        sums.first += dy[i];
        sums.second += (double)dy[i] * (rectified(x[i], rectify) - m);
    });
    finish_rows(sum, channels, partial, tickets, [&](uint32_t c, const Pair& all)
    {
        dbeta[c] = (float)all.first;
        dgamma[c] = (float)(all.second * inv_std[c]);
    });
}

extern "C" __global__ void __launch_bounds__(kBlock) batch_norm_input_grad(
    const float* __restrict__ dy,      // [R,C]
    const float* __restrict__ x,       // [R,C]
    const float* __restrict__ gamma,   // [C] or null
    const float* __restrict__ mean,    // [C]
    const float* __restrict__ inv_std, // [C]
    const float* __restrict__ dgamma,  // [C]
    const float* __restrict__ dbeta,   // [C]
    float* __restrict__ dx,            // [R,C]
    uint32_t rows, uint32_t channels, uint32_t rectify, uint32_t mode)
{
    start_in_turn();
    const uint64_t i = global_index();
    if (i >= (uint64_t)rows * channels)
        return;
    const NormGradient gradient = {dy, x, gamma, mean, inv_std, dgamma, dbeta, 1.0f / (float)rows, rectify};
    put(&dx[i], gradient.at((uint32_t)i, gradient.channel((uint32_t)i % channels)), mode);
}
