// The backward pass of an average pool over the result of a binary unit, dx[n,p,c] = dy[n,c] / pixels, as average_pool_backward has it, and
// on the way the sums of the unit's own: dbeta = sum dx, dgamma = sum dx xhat, as unit_gradient_sums finds them.
// pool_gradient_sums_of_norm: the same, where the pool's result goes into a batch norm and its gradient dy is found on the way.
// A block takes an image at a time, a thread four channels of some of its pixels. For a power of two of channels, 16 to 1024.
#include "gradient_sums.cuh"
#include "launch_order.cuh"
#include "norm_gradient.cuh"
#include "unit_gradient.cuh"

constexpr uint32_t kBlock = 256;
constexpr uint32_t kAhead = 4; // pixels that a thread has on their way

// The unit whose result was pooled.
struct PooledUnit
{
    const int16_t* counts;                // [N,pixels,C]
    const float *scale, *mean, *inv_std; // [1]; [C]
};

// Where its sums go.
struct UnitSums
{
    double* partial; // [blocks,2,C]
    uint32_t* tickets; // of gradient_sums.cuh
    float *dgamma, *dbeta;
};

template <class Gradient>
__device__ __forceinline__ void pass_back(const Gradient& gradient, const PooledUnit& unit, const UnitSums& to, float* dx, uint32_t n,
    uint32_t pixels, uint32_t channels)
{
    const uint32_t quads = channels / kQuad, channel = threadIdx.x % quads * kQuad, block_rows = kBlock / quads;
    const typename Gradient::Channel of[kQuad] = {
        gradient.channel(channel), gradient.channel(channel + 1), gradient.channel(channel + 2), gradient.channel(channel + 3)};
    const float layer = *unit.scale;
    const Quad m = read_quad(unit.mean + channel);
    double sums[2][kQuad] = {};
    for (uint32_t image = blockIdx.x; image < n; image += gridDim.x)
    {
        Quad d = gradient.quad_of(gradient.raw_at(image * channels + channel), of);
#pragma unroll
        for (uint32_t i = 0; i < kQuad; i++)
            d.value[i] = d.value[i] / (float)pixels;
        const uint64_t first = (uint64_t)image * pixels * channels + channel;
        // What is missing is read from the first pixel, and counts nothing: no branch stands between the loads.
        for (uint32_t pixel = threadIdx.x / quads; pixel < pixels; pixel += kAhead * block_rows)
        {
            Counts counts[kAhead];
#pragma unroll
            for (uint32_t j = 0; j < kAhead; j++)
                counts[j] = read_counts(
                    unit.counts + first + (uint64_t)(pixel + j * block_rows < pixels ? pixel + j * block_rows : 0u) * channels);
#pragma unroll
            for (uint32_t j = 0; j < kAhead; j++)
            {
                const bool exists = pixel + j * block_rows < pixels;
                if (exists)
                    write_quad(dx + first + (uint64_t)(pixel + j * block_rows) * channels, d);
                add_terms(d, counts[j], layer, m, exists, sums);
            }
        }
    }

    store_gradient_sums<kBlock>(sums, quads, channels, to.partial);
    finish_gradient_sums<kBlock>({to.partial, to.tickets, unit.inv_std, to.dgamma, to.dbeta, channels}, blockIdx.x, gridDim.x, 0, channels);
}

extern "C" __global__ void __launch_bounds__(kBlock, 2) pool_gradient_sums(
    const float* __restrict__ dy,       // [N,C]
    const int16_t* __restrict__ counts, // [N,pixels,C]: the unit's
    const float* __restrict__ scale,    // [1]
    const float* __restrict__ mean,     // [C]
    const float* __restrict__ inv_std,  // [C]
    float* __restrict__ dx,             // [N,pixels,C]
    double* partial,                    // [blocks,2,C]
    uint32_t* tickets,                  // of gradient_sums.cuh
    float* __restrict__ dgamma,         // [C]
    float* __restrict__ dbeta,          // [C]
    uint32_t n, uint32_t pixels, uint32_t channels)
{
    start_in_turn();
    pass_back(StoredGradient{dy}, {counts, scale, mean, inv_std}, {partial, tickets, dgamma, dbeta}, dx, n, pixels, channels);
}

extern "C" __global__ void __launch_bounds__(kBlock, 2) pool_gradient_sums_of_norm(
    const float* __restrict__ dy,           // [N,C]: gradient of the batch norm's result
    const float* __restrict__ x,            // [N,C]: what it took
    const float* __restrict__ gamma,        // [C] or null
    const float* __restrict__ norm_mean,    // [C]
    const float* __restrict__ norm_inv_std, // [C]
    const float* __restrict__ norm_dgamma,  // [C]
    const float* __restrict__ norm_dbeta,   // [C]
    const int16_t* __restrict__ counts,     // [N,pixels,C]: the unit's, as the rest
    const float* __restrict__ scale,        // [1]
    const float* __restrict__ mean,         // [C]
    const float* __restrict__ inv_std,      // [C]
    float* __restrict__ dx,                 // [N,pixels,C]
    double* partial,                        // [blocks,2,C]
    uint32_t* tickets,                      // of gradient_sums.cuh
    float* __restrict__ dgamma,             // [C]
    float* __restrict__ dbeta,              // [C]
    uint32_t n, uint32_t pixels, uint32_t channels, uint32_t rectify)
{
    start_in_turn();
    const NormGradient gradient = {dy, x, gamma, norm_mean, norm_inv_std, norm_dgamma, norm_dbeta, 1.0f / (float)n, rectify};
    pass_back(gradient, {counts, scale, mean, inv_std}, {partial, tickets, dgamma, dbeta}, dx, n, pixels, channels);
}
