// The weights [O,K,K,I] of a convolution, real or as packed signs, behind one name.
#pragma once
#include "bits.cuh"
#include "conv_geometry.cuh"

struct RealWeights
{
    const float* w; // [O,K,K,I]

    __device__ __forceinline__ float at(const ConvGeometry& g, uint32_t o, uint32_t tap, uint32_t i) const
    {
        return w[((uint64_t)o * g.k * g.k + tap) * g.i + i];
    }
};

struct SignWeights
{
    const uint32_t* bits; // [O,K,K,words(I)]

    __device__ __forceinline__ float at(const ConvGeometry& g, uint32_t o, uint32_t tap, uint32_t i) const
    {
        return sign_at(bits + ((uint64_t)o * g.k * g.k + tap) * words_of(g.i), i);
    }
};
