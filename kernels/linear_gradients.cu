// linear_gradients: linear_input_grad and linear_weight_grad (linear.cu) in one launch, and, where x is the result of a batch norm that
// nobody else reads, the sums that its backward pass begins with: dbeta = sum dx, dgamma = sum dx xhat, as batch_norm_parameter_grad finds
// them. The first rows of the grid have dx, 16 channels a row of blocks and a slice of the rows of x a block; all other blocks have 32
// values of dw and db each. x [N,I], w [O,I], b [O], dy [N,O].
#include "grad_mode.cuh"
#include "launch_order.cuh"
#include "rectified.cuh"
#include "row_sums.cuh"

constexpr uint32_t kBlock = kSumBlock;
constexpr uint32_t kValues = 32; // of dw and db: a warp reads neighbours
constexpr uint32_t kParts = kBlock / kValues;

FOR_HOST(linear_gradient_values, kValues)

struct LinearSizes
{
    uint32_t n, i, o;
};

// What is known of the batch norm; x null where there is none.
struct NormBefore
{
    const float *x, *mean, *inv_std; // [N,I]; [I]
    uint32_t rectify;
};

__device__ __forceinline__ Pair input_grad(const LinearSizes& size, const NormBefore& norm, const float* dy, const float* w, float* dx,
    uint32_t slice_rows, uint32_t mode)
{
    const uint32_t channel = blockIdx.y * kTileChannels + threadIdx.x % kTileChannels;
    const uint64_t first = (uint64_t)blockIdx.x * slice_rows, end = first + slice_rows < size.n ? first + slice_rows : size.n;
    Pair sums = {0.0, 0.0};
    if (channel >= size.i)
        return sums;
    const float m = norm.x == nullptr ? 0.0f : norm.mean[channel];
#pragma unroll 2
    for (uint64_t row = first + threadIdx.x / kTileChannels; row < end; row += kRowLanes)
    {
        const uint64_t at = row * size.i + channel;
        float sum = 0.0f;
#pragma unroll 8
        for (uint32_t k = 0; k < size.o; k++)
            sum += dy[row * size.o + k] * w[(uint64_t)k * size.i + channel];
        put(&dx[at], sum, mode);
        if (norm.x == nullptr)
            continue;
        sums.first += sum;
        sums.second += (double)sum * (rectified(norm.x[at], norm.rectify) - m);
    }
    return sums;
}

// One more column than w has: its threads add up the bias.
__device__ __forceinline__ void weight_grad(
    const LinearSizes& size, const float* dy, const float* x, float* dw, float* db, uint32_t number)
{
    __shared__ float sums[kParts][kValues];
    const uint32_t part = threadIdx.x / kValues, value = threadIdx.x % kValues;
    const uint64_t at = (uint64_t)number * kValues + value, output = at / (size.i + 1);
    const uint32_t input = (uint32_t)(at % (size.i + 1));
    const bool exists = output < size.o, is_weight = input < size.i;
    const float *gradients = dy + (exists ? output : 0u), *inputs = x + (is_weight ? input : 0u);
    float sum = 0.0f;
#pragma unroll 8
    for (uint32_t k = part; k < size.n; k += kParts)
    {
        const float factor = inputs[(uint64_t)k * size.i]; // read in any case: no branch holds up the reads after it
        sum += gradients[(uint64_t)k * size.o] * (is_weight ? factor : 1.0f);
    }

    sums[part][value] = sum;
    __syncthreads();
    if (part != 0 || !exists)
        return;
#pragma unroll
    for (uint32_t other = 1; other < kParts; other++)
        sum += sums[other][value];
    *(is_weight ? &dw[output * size.i + input] : &db[output]) = sum;
}

extern "C" __global__ void __launch_bounds__(kBlock) linear_gradients(
    const float* __restrict__ dy,      // [N,O]
    const float* __restrict__ x,       // [N,I]
    const float* __restrict__ w,       // [O,I]
    const float* __restrict__ norm_x,  // [N,I]: what the batch norm took; null where there is none, as all that has to do with it
    const float* __restrict__ mean,    // [I]
    const float* __restrict__ inv_std, // [I]
    float* __restrict__ dw,            // [O,I]
    float* __restrict__ db,            // [O]
    float* __restrict__ dx,            // [N,I]
    double* partial,                   // [slices,2,I]
    uint32_t* tickets,                 // [I / 16], 0 before and after
    float* __restrict__ dgamma,        // [I]
    float* __restrict__ dbeta,         // [I]
    uint32_t n, uint32_t i, uint32_t o, uint32_t slice_rows, uint32_t mode, uint32_t rectify)
{
    start_in_turn();
    const LinearSizes size = {n, i, o};
    const uint32_t tiles = (i + kTileChannels - 1) / kTileChannels;
    if (blockIdx.y >= tiles)
    {
        weight_grad(size, dy, x, dw, db, (blockIdx.y - tiles) * gridDim.x + blockIdx.x);
        return;
    }

    const Pair sums = input_grad(size, {norm_x, mean, inv_std, rectify}, dy, w, dx, slice_rows, mode);
    if (norm_x == nullptr)
        return;
    finish_rows(sums, i, partial, tickets, [&](uint32_t c, const Pair& all)
    {
        dbeta[c] = (float)all.first;
        dgamma[c] = (float)(all.second * inv_std[c]);
    });
}
