// Kernels that only the emulator's tests run.
#include <math.h>
#include <stdint.h>

constexpr uint32_t kAllLanes = 0xFFFFFFFFu;
constexpr int kSmallBlock = 64;

struct TestGeometry
{
    uint32_t a, b, c;
};

extern "C" __global__ void test_place(uint32_t* y) // [threads], y = the thread's number in the grid
{
    uint32_t block = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
    uint32_t thread = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
    uint32_t i = block * (blockDim.x * blockDim.y * blockDim.z) + thread;
    y[i] = i;
}

extern "C" __global__ void test_shuffles(
    const int32_t* __restrict__ x, // [threads]
    int32_t* __restrict__ y,       // [4, threads]: index, down, xor, ballot
    uint32_t operand,
    int32_t width)
{
    uint32_t n = blockDim.x, i = threadIdx.x;
    y[i] = __shfl_sync(kAllLanes, x[i], int(operand), width);
    y[n + i] = __shfl_down_sync(kAllLanes, x[i], operand, width);
    y[2 * n + i] = __shfl_xor_sync(kAllLanes, x[i], int(operand), width);
    y[3 * n + i] = int32_t(__ballot_sync(kAllLanes, x[i] % 3 == 0));
}

// Every number of times a lane can meet the others, in every type that lanes exchange.
extern "C" __global__ void test_shuffle_types(
    double* __restrict__ doubles,       // [threads]
    float* __restrict__ floats,         // [threads]
    int64_t* __restrict__ wide,         // [threads]
    uint32_t* __restrict__ words)       // [threads]
{
    uint32_t i = threadIdx.x;
    for (int half = 16; half > 0; half /= 2)
    {
        doubles[i] += __shfl_xor_sync(kAllLanes, doubles[i], half);
        floats[i] += __shfl_xor_sync(kAllLanes, floats[i], half);
        wide[i] += __shfl_xor_sync(kAllLanes, wide[i], half);
        words[i] += __shfl_xor_sync(kAllLanes, words[i], half);
    }
}

// The two halves of a warp meet apart from each other, and a different number of times.
extern "C" __global__ void test_half_masks(uint32_t* y) // [threads], y = sum of the lanes of the own half
{
    uint32_t i = threadIdx.x, lane = i % 32;
    uint32_t sum = lane;
    if (lane < 16)
    {
        for (int half = 8; half > 0; half /= 2)
            sum += __shfl_xor_sync(0x0000FFFFu, sum, half);
    }
    else
    {
        for (int again = 0; again < 3; again++)
            (void)__ballot_sync(0xFFFF0000u, again);
        for (int half = 8; half > 0; half /= 2)
            sum += __shfl_xor_sync(0xFFFF0000u, sum, half);
    }
    y[i] = sum;
}

extern "C" __global__ void __launch_bounds__(
    kSmallBlock) test_poison(uint32_t* y) // [blocks, 64], y = what the shared memory held at first
{
    __shared__ uint32_t words[kSmallBlock];
    __shared__ float4 vectors[kSmallBlock];
    uint32_t i = threadIdx.x;
    y[blockIdx.x * kSmallBlock + i] = words[i] & __float_as_uint(vectors[i].z);
    __syncthreads();
    words[i] = i;
    vectors[i] = make_float4(1.0f, 2.0f, 3.0f, 4.0f);
}

extern "C" __global__ void test_arguments(double* y, uint32_t a, const TestGeometry geometry, float b, int32_t c) // [6]
{
    if (threadIdx.x != 0)
        return;
    y[0] = a;
    y[1] = geometry.a;
    y[2] = geometry.b;
    y[3] = geometry.c;
    y[4] = double(b);
    y[5] = c;
}

// Writes down when each thread's turn came. Sound kernels must not do this; it needs a single host thread.
extern "C" __global__ void test_turns(uint32_t* counter, uint32_t* y) // [1], [2, threads]
{
    uint32_t threads = gridDim.x * blockDim.x, i = blockIdx.x * blockDim.x + threadIdx.x;
    y[i] = (*counter)++;
    __syncthreads();
    y[threads + i] = (*counter)++;
}

// The arithmetic of the vocabulary, at the places where a host might differ.
extern "C" __global__ void test_vocabulary(float* y) // [16]
{
    float nan = __uint_as_float(0x7FC00000u);
    uint32_t wide = 0xFFFFFFFFu;
    y[0] = fminf(nan, 1.0f);
    y[1] = fmaxf(2.0f, nan);
    y[2] = 1.0f / fminf(0.0f, -0.0f);
    y[3] = 1.0f / fmaxf(-0.0f, 0.0f);
    y[4] = float(min(3, 4) + max(5u, 6u));
    y[5] = min(nan, 7.0f);
    y[6] = float(__popc(0xF0F0F0F0u));
    y[7] = float(__umulhi(wide, 16u));
    y[8] = isnan(nan) ? 1.0f : 0.0f;
    y[9] = float(__float_as_uint(1.0f) >> 23);
    y[10] = expf(0.0f) + logf(1.0f) + powf(2.0f, 3.0f) + sqrtf(16.0f) + fabsf(-1.0f);
    y[11] = float(exp(0.0) + log(1.0) + pow(2.0, 3.0) + sqrt(16.0) + fabs(-1.0));
    y[12] = float(max(int64_t(1) << 33, int64_t(2)) >> 30);
}

// Broken on purpose: lanes of one warp at two operations.
extern "C" __global__ void test_mixed_operations(uint32_t* y) // [32]
{
    y[threadIdx.x] = threadIdx.x < 16 ? __shfl_sync(kAllLanes, 1u, 0) : __ballot_sync(kAllLanes, 1);
}

// Broken on purpose: reads a lane outside the mask.
extern "C" __global__ void test_absent_lane(uint32_t* y) // [32]
{
    if (threadIdx.x < 16)
        y[threadIdx.x] = __shfl_sync(0x0000FFFFu, threadIdx.x, 20);
}

// Broken on purpose: a lane that calls with a mask of the others.
extern "C" __global__ void test_own_lane_missing(uint32_t* y) // [32]
{
    y[threadIdx.x] = __ballot_sync(0xFFFFFFFEu, 1);
}

// Broken on purpose: the second warp never comes to the first one's barrier, because it waits at another.
extern "C" __global__ void test_two_barriers(uint32_t* y) // [64]
{
    if (threadIdx.x < 32)
        __syncthreads();
    else
        __syncthreads();
    y[threadIdx.x] = 1;
}

// Broken on purpose: a full-mask operation that half of the warp has returned above.
extern "C" __global__ void test_early_return(uint32_t* y) // [32]
{
    if (threadIdx.x >= 16)
        return;
    y[threadIdx.x] = __ballot_sync(kAllLanes, 1);
}

extern "C" __global__ void test_nothing(uint32_t* y) // [threads]
{
    y[blockIdx.x * blockDim.x + threadIdx.x] = threadIdx.x;
}

extern "C" __global__ void test_barriers(uint32_t* y, uint32_t rounds) // [threads]
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < rounds; i++)
    {
        __syncthreads();
        sum += i;
    }
    y[blockIdx.x * blockDim.x + threadIdx.x] = sum;
}

extern "C" __global__ void test_many_shuffles(uint32_t* y, uint32_t rounds) // [threads]
{
    uint32_t value = threadIdx.x;
    for (uint32_t i = 0; i < rounds; i++)
        value += __shfl_xor_sync(kAllLanes, value, 1);
    y[blockIdx.x * blockDim.x + threadIdx.x] = value;
}

extern "C" __global__ void test_multiply_add(
    const float* __restrict__ a, // [count]
    const float* __restrict__ b, // [count]
    float* __restrict__ y,       // [threads]
    uint32_t count)
{
    __shared__ float tile[256];
    float sum = 0.0f;
    for (uint32_t start = 0; start < count; start += 256)
    {
        tile[threadIdx.x] = a[start + threadIdx.x];
        __syncthreads();
#pragma unroll
        for (uint32_t i = 0; i < 256; i++)
            sum += tile[i] * b[start + i];
        __syncthreads();
    }
    y[blockIdx.x * blockDim.x + threadIdx.x] = sum;
}
