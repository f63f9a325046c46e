// linear: y = x w^T + b. linear_input_grad: dx = dy w. linear_weight_grad: dw = dy^T x, db = sum over rows of dy.
// x [N,I], w [O,I], b [O], y [N,O]. The classifier of a CIFAR network is small: forward a warp an output value, for VGG's has 8,192 inputs,
// backward a thread a value of dx, and four threads a value of dw, which share the rows.
#include "for_host.cuh"
#include "grad_mode.cuh"
#include "index.cuh"
#include "launch_order.cuh"

constexpr uint32_t kBlock = 128; // the smallest launches of a step: more, smaller blocks reach more multiprocessors
constexpr uint32_t kParts = 4;   // of the rows
constexpr uint32_t kValues = kBlock / kParts;

FOR_HOST(linear_weight_values, kValues)

extern "C" __global__ void __launch_bounds__(kBlock) linear(
    const float* __restrict__ x, // [N,I]
    const float* __restrict__ w, // [O,I]
    const float* __restrict__ b, // [O]
    float* __restrict__ y,       // [N,O]
    uint32_t n, uint32_t i, uint32_t o)
{
    start_in_turn();
    const uint64_t at = global_index() / 32;
    if (at >= (uint64_t)n * o)
        return;
    const uint32_t lane = threadIdx.x % 32;
    const float *row = x + at / o * i, *weights = w + at % o * i;
    float sum = 0.0f;
#pragma unroll 4
    for (uint32_t k = lane; k < i; k += 32)
        sum += row[k] * weights[k];
#pragma unroll
    for (int32_t lanes = 16; lanes > 0; lanes /= 2)
        sum += __shfl_xor_sync(0xFFFFFFFFu, sum, lanes);
    if (lane == 0)
        y[at] = sum + b[at % o];
}

extern "C" __global__ void __launch_bounds__(kBlock) linear_input_grad(
    const float* __restrict__ dy, // [N,O]
    const float* __restrict__ w,  // [O,I]
    float* __restrict__ dx,       // [N,I]
    uint32_t n, uint32_t i, uint32_t o, uint32_t mode)
{
    start_in_turn();
    const uint64_t at = global_index();
    if (at >= (uint64_t)n * i)
        return;
    const float* row = dy + at / i * o;
    float sum = 0.0f;
    for (uint32_t k = 0; k < o; k++)
        sum += row[k] * w[(uint64_t)k * i + at % i];
    put(&dx[at], sum, mode);
}

// One more column than w has: its threads add up the bias.
extern "C" __global__ void __launch_bounds__(kBlock) linear_weight_grad(
    const float* __restrict__ dy, // [N,O]
    const float* __restrict__ x,  // [N,I]
    float* __restrict__ dw,       // [O,I]
    float* __restrict__ db,       // [O]
    uint32_t n, uint32_t i, uint32_t o)
{
    start_in_turn();
    __shared__ float sums[kParts][kValues];
    const uint32_t part = threadIdx.x / kValues, value = threadIdx.x % kValues;
    const uint64_t at = (uint64_t)blockIdx.x * kValues + value, output = at / (i + 1);
    const uint32_t input = (uint32_t)(at % (i + 1));
    const bool exists = output < o, is_weight = input < i;
    const float *gradients = dy + (exists ? output : 0u), *inputs = x + (is_weight ? input : 0u);
    float sum = 0.0f;
#pragma unroll 8
    for (uint32_t k = part; k < n; k += kParts)
    {
        const float factor = inputs[(uint64_t)k * i]; // read in any case: no branch holds up the reads after it
        sum += gradients[(uint64_t)k * o] * (is_weight ? factor : 1.0f);
    }

    sums[part][value] = sum;
    __syncthreads();
    if (part != 0 || !exists)
        return;
#pragma unroll
    for (uint32_t other = 1; other < kParts; other++)
        sum += sums[other][value];
    *(is_weight ? &dw[output * i + input] : &db[output]) = sum;
}
