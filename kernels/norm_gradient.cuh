// The gradient of a batch norm's input, in the form that gradient kernels of convolutions start from (unit_gradient.cuh): found on the way,
// where it need not be stored. dx = dz where x > 0 or rectify is not set, else 0; dz as batch_norm.cu has it.
#pragma once
#include "rectified.cuh"
#include "unit_values.cuh"

struct NormGradient
{
    const float *dy, *x;                                // [R,C]
    const float *gamma, *mean, *inv_std, *dgamma, *dbeta; // [C], gamma null for ones
    float share; // 1 / R
    uint32_t rectify;

    struct Channel
    {
        float factor, mean, inv_std, dbeta, dgamma; // the last two / R
    };

    struct Raw
    {
        Quad dy, x;
    };

    __device__ __forceinline__ Channel channel(uint32_t c) const
    {
        return {gamma == nullptr ? inv_std[c] : gamma[c] * inv_std[c], mean[c], inv_std[c], dbeta[c] * share,
            dgamma[c] * share};
    }

    __device__ __forceinline__ float through(float dy, float x, const Channel& c) const
    {
        const float xhat = (rectified(x, rectify) - c.mean) * c.inv_std;
        return rectify != 0 && !(x > 0.0f) ? 0.0f : c.factor * (dy - c.dbeta - xhat * c.dgamma);
    }

    __device__ __forceinline__ float at(uint32_t i, const Channel& c) const { return through(dy[i], x[i], c); }

    __device__ __forceinline__ Raw raw_at(uint32_t i) const { return {read_quad(dy + i), read_quad(x + i)}; }

    __device__ __forceinline__ Quad quad_of(const Raw& raw, const Channel (&c)[kQuad]) const
    {
        Quad result;
#pragma unroll
        for (uint32_t j = 0; j < kQuad; j++)
            result.value[j] = through(raw.dy.value[j], raw.x.value[j], c[j]);
        return result;
    }
};
