// The gradient of a convolution's result that its gradient kernels start from: as it stands in memory, or, in a binary unit, found from the
// gradient of the unit's result on the way, so that it is never stored: dz = gamma inv_std (dy - dbeta / R - xhat dgamma / R) where n > 0,
// else 0, with xhat = (z - mean) inv_std, as batch_norm_input_grad has it. z = scale n, so of dy and n it is linear, with three numbers a
// channel.
#pragma once
#include "copy_async.cuh"
#include "unit_values.cuh"

// Kernels copy the raw numbers of many places into shared memory before they take the first: all are then on their way at once. The
// gradient's own lie where the four numbers will, Beside is room for the others.
struct StoredGradient
{
    const float* dy; // [R,O]

    struct Channel
    {
    };
    struct Beside
    {
    };
    using Raw = Quad;

    __device__ __forceinline__ Channel channel(uint32_t) const { return {}; }

    __device__ __forceinline__ float at(uint32_t i, const Channel&) const { return dy[i]; }

    using Number = float;

    __device__ __forceinline__ Number read(uint32_t i) const { return dy[i]; }

    static __device__ __forceinline__ float value_of(Number number, bool exists, const Channel&) { return exists ? number : 0.0f; }

    __device__ __forceinline__ Raw raw_at(uint32_t i) const { return read_quad(dy + i); }

    __device__ __forceinline__ Quad quad_of(const Raw& raw, const Channel (&)[kQuad]) const { return raw; }

    __device__ __forceinline__ void copy(uint32_t i, uint4* to, Beside*) const { copy_async<16>(to, dy + i); }

    static __device__ __forceinline__ Raw copied(const uint4* from, const Beside*)
    {
        return read_quad(reinterpret_cast<const float*>(from));
    }
};

struct UnitGradient
{
    const float* dy;       // [R,O], of the unit's result
    const int16_t* counts; // [R,O]
    const float *scale, *gamma, *mean, *inv_std, *dgamma, *dbeta; // [1]; [O], gamma null for ones
    float share;           // 1 / R: a division here would be one for every thread and tile

    struct Channel
    {
        float of_dy, of_n, rest; // dz = of_dy dy + of_n n + rest, where n > 0
    };

    struct alignas(8) Beside
    {
        int16_t counts[kQuad];
    };

    struct Raw
    {
        Quad dy;
        Counts n;
    };

    __device__ __forceinline__ Channel channel(uint32_t o) const
    {
        const float factor = gamma == nullptr ? inv_std[o] : gamma[o] * inv_std[o], dxhat = inv_std[o] * (dgamma[o] * share);
        return {factor, -factor * (*scale * dxhat), factor * (mean[o] * dxhat - dbeta[o] * share)};
    }

    // Where n > 0.
    static __device__ __forceinline__ float linear(float dy, int32_t n, const Channel& c)
    {
        return c.of_dy * dy + (c.of_n * (float)n + c.rest);
    }

    static __device__ __forceinline__ float through(float dy, int32_t n, const Channel& c) { return n > 0 ? linear(dy, n, c) : 0.0f; }

    __device__ __forceinline__ float at(uint32_t i, const Channel& c) const { return through(dy[i], counts[i], c); }

    struct Number
    {
        float dy;
        int32_t n;
    };

    __device__ __forceinline__ Number read(uint32_t i) const { return {dy[i], counts[i]}; }

    // As through(), by a mask and no branch: what is read of dy would wait for n.
    static __device__ __forceinline__ float value_of(const Number& number, bool exists, const Channel& c)
    {
        const float value = linear(number.dy, number.n, c);
        return __uint_as_float(__float_as_uint(value) & (exists && number.n > 0 ? 0xFFFFFFFFu : 0u));
    }

    __device__ __forceinline__ Quad quad_of(const Raw& raw, const Channel (&c)[kQuad]) const
    {
        Quad result;
#pragma unroll
        for (uint32_t j = 0; j < kQuad; j++)
            result.value[j] = through(raw.dy.value[j], raw.n.n[j], c[j]);
        return result;
    }

    __device__ __forceinline__ void copy(uint32_t i, uint4* to, Beside* beside) const
    {
        copy_async<16>(to, dy + i);
        copy_async<8>(beside, counts + i);
    }

    static __device__ __forceinline__ Raw copied(const uint4* from, const Beside* beside)
    {
        return {read_quad(reinterpret_cast<const float*>(from)), read_counts(beside->counts)};
    }
};
