// What a binary unit computes of a count n, for the kernels of its second half and of its backward pass: z = scale * max(n, 0),
// y = gamma inv_std (z - mean) + beta [+ shortcut], and backward dz, as batch_norm.cu has it. Four channels a thread.
#pragma once
#include <stdint.h>

constexpr uint32_t kQuad = 4;

struct Quad
{
    float value[kQuad];
};

__device__ __forceinline__ Quad read_quad(const float* p)
{
    const float4 v = *reinterpret_cast<const float4*>(p);
    return {{v.x, v.y, v.z, v.w}};
}

__device__ __forceinline__ void write_quad(float* p, const Quad& q)
{
    *reinterpret_cast<float4*>(p) = make_float4(q.value[0], q.value[1], q.value[2], q.value[3]);
}

struct Counts
{
    int32_t n[kQuad];
};

__device__ __forceinline__ Counts read_counts(const int16_t* p)
{
    const short4 v = *reinterpret_cast<const short4*>(p);
    return {{v.x, v.y, v.z, v.w}};
}

// z of a count.
__device__ __forceinline__ float unit_z(float scale, int32_t n)
{
    return n > 0 ? scale * (float)n : 0.0f;
}
