// The gradient of a convolution's result that its gradient kernels start from: as it stands in memory, or, in a binary unit, found from the
// gradient of the unit's result on the way, so that it is never stored: dz = gamma inv_std (dy - dbeta / R - xhat dgamma / R) where n > 0,
// else 0, with xhat = (z - mean) inv_std, as batch_norm_input_grad has it.
#pragma once
#include "unit_values.cuh"

struct StoredGradient
{
    const float* dy; // [R,O]

    struct Channel
    {
    };

    __device__ __forceinline__ Channel channel(uint32_t) const { return {}; }

    __device__ __forceinline__ float at(uint32_t i, const Channel&) const { return dy[i]; }

    __device__ __forceinline__ Quad quad_at(uint32_t i, const Channel (&)[kQuad]) const { return read_quad(dy + i); }
};

struct UnitGradient
{
    const float* dy;       // [R,O], of the unit's result
    const int16_t* counts; // [R,O]
    const float *scale, *gamma, *mean, *inv_std, *dgamma, *dbeta; // [1]; [O], gamma null for ones
    uint32_t rows;

    struct Channel
    {
        float layer, factor, mean, dbeta, dxhat; // dbeta / R, and inv_std dgamma / R
    };

    __device__ __forceinline__ Channel channel(uint32_t o) const
    {
        return {*scale, gamma == nullptr ? inv_std[o] : gamma[o] * inv_std[o], mean[o], dbeta[o] / (float)rows,
            inv_std[o] * (dgamma[o] / (float)rows)};
    }

    static __device__ __forceinline__ float through(float dy, int32_t n, const Channel& c)
    {
        return n > 0 ? c.factor * (dy - c.dbeta - (unit_z(c.layer, n) - c.mean) * c.dxhat) : 0.0f;
    }

    __device__ __forceinline__ float at(uint32_t i, const Channel& c) const { return through(dy[i], counts[i], c); }

    __device__ __forceinline__ Quad quad_at(uint32_t i, const Channel (&c)[kQuad]) const
    {
        const Quad d = read_quad(dy + i);
        const Counts n = read_counts(counts + i);
        Quad result;
#pragma unroll
        for (uint32_t j = 0; j < kQuad; j++)
            result.value[j] = through(d.value[j], n.n[j], c[j]);
        return result;
    }
};
