// The gradient of a batch norm's input, in the form that gradient kernels of convolutions start from (unit_gradient.cuh): found on the way,
// where it need not be stored. dx = dz where x > 0 or rectify is not set, else 0; dz as batch_norm.cu has it.
#pragma once
#include "rectified.cuh"

struct NormGradient
{
    const float *dy, *x;                                // [R,C]
    const float *gamma, *mean, *inv_std, *dgamma, *dbeta; // [C], gamma null for ones
    uint32_t rows, rectify;

    struct Channel
    {
        float factor, mean, inv_std, dbeta, dgamma; // the last two / R
    };

    __device__ __forceinline__ Channel channel(uint32_t c) const
    {
        return {gamma == nullptr ? inv_std[c] : gamma[c] * inv_std[c], mean[c], inv_std[c], dbeta[c] / (float)rows,
            dgamma[c] / (float)rows};
    }

    __device__ __forceinline__ float at(uint32_t i, const Channel& c) const
    {
        const float value = x[i], xhat = (rectified(value, rectify) - c.mean) * c.inv_std;
        return rectify != 0 && !(value > 0.0f) ? 0.0f : c.factor * (dy[i] - c.dbeta - xhat * c.dgamma);
    }
};
