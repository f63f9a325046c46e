// What a GPU can do at most, measured on it as it is: bytes copied, and multiply-adds by the matrix instructions that the other kernels use
// and by the plain units. Benchmarks compare with these, and not with a data sheet.
// Each thread keeps kChains sums that do not wait for one another, enough to fill the pipelines. They begin with different numbers, or the
// compiler would make one of them, and are written, or it would make none.
#include "for_host.cuh"
#include "index.cuh"
#include "launch_order.cuh"
#include "mma.cuh"

constexpr uint32_t kBlock = 256;
constexpr uint32_t kChains = 8;

FOR_HOST(device_chains, kChains)

extern "C" __global__ void __launch_bounds__(kBlock) device_copy(
    const uint4* __restrict__ x, // [count]
    uint4* __restrict__ y,       // [count]
    uint32_t count)
{
    start_in_turn();
    const uint64_t i = global_index();
    if (i < count)
        y[i] = x[i];
}

// A warp multiplies kChains pairs of matrices a round.
template <class T, class Sum, class Multiply>
__device__ __forceinline__ void multiply_chains(uint32_t rounds, Sum* y, const Multiply& multiply)
{
    T d[kChains][kRegistersD];
#pragma unroll
    for (uint32_t i = 0; i < kChains * kRegistersD; i++)
        d[i / kRegistersD][i % kRegistersD] = (T)i;
    for (uint32_t round = 0; round < rounds; round++)
#pragma unroll
        for (uint32_t chain = 0; chain < kChains; chain++)
            multiply(d[chain]);
    Sum sum = 0;
#pragma unroll
    for (uint32_t chain = 0; chain < kChains; chain++)
        sum += (Sum)(d[chain][0] + d[chain][1] + d[chain][2] + d[chain][3]);
    y[global_index()] = sum;
}

extern "C" __global__ void __launch_bounds__(kBlock) device_bits(
    uint32_t* __restrict__ y, // [threads]
    uint32_t rounds)
{
    start_in_turn();
    const uint32_t a[kRegistersA] = {threadIdx.x, 0x5A5A5A5Au, blockIdx.x, 0xC3C3C3C3u}, b[kRegistersB] = {0x0F0F0F0Fu, threadIdx.x};
    multiply_chains<int32_t>(rounds, y, [&](int32_t (&d)[kRegistersD]) { mma_and(d, a, b); });
}

extern "C" __global__ void __launch_bounds__(kBlock) device_int8(
    uint32_t* __restrict__ y, // [threads]
    uint32_t rounds)
{
    start_in_turn();
    const uint32_t a[kRegistersA] = {threadIdx.x, 0x01FF01FFu, blockIdx.x, 0xFFFF0101u}, b[kRegistersB] = {0x0101FFFFu, threadIdx.x};
    multiply_chains<int32_t>(rounds, y, [&](int32_t (&d)[kRegistersD]) { mma_int8(d, a, b); });
}

extern "C" __global__ void __launch_bounds__(kBlock) device_bf16(
    float* __restrict__ y, // [threads]
    uint32_t rounds)
{
    start_in_turn();
    const uint32_t one = bf16_pair(1.0f, 0.5f), a[kRegistersA] = {one, one, one, one}, b[kRegistersB] = {one, one};
    multiply_chains<float>(rounds, y, [&](float (&d)[kRegistersD]) { mma_bf16(d, a, b); });
}

// A thread makes kChains multiply-adds a round; the numbers stay near 2.
extern "C" __global__ void __launch_bounds__(kBlock) device_fma(
    float* __restrict__ y, // [threads]
    uint32_t rounds)
{
    start_in_turn();
    float d[kChains];
#pragma unroll
    for (uint32_t chain = 0; chain < kChains; chain++)
        d[chain] = (float)(chain + threadIdx.x);
    const float factor = 0.5f + 0.0f * (float)threadIdx.x;
    for (uint32_t round = 0; round < rounds; round++)
#pragma unroll
        for (uint32_t chain = 0; chain < kChains; chain++)
            d[chain] = d[chain] * factor + 1.0f;
    float sum = 0.0f;
#pragma unroll
    for (uint32_t chain = 0; chain < kChains; chain++)
        sum += d[chain];
    y[global_index()] = sum;
}
