// The vector types of CUDA that the kernels use, with CUDA's sizes and alignments.
#pragma once

#include <stdint.h>

struct uint3
{
    uint32_t x, y, z;
};

struct alignas(8) float2
{
    float x, y;
};

struct alignas(8) uint2
{
    uint32_t x, y;
};

struct alignas(4) short2
{
    int16_t x, y;
};

struct alignas(8) short4
{
    int16_t x, y, z, w;
};

struct alignas(16) float4
{
    float x, y, z, w;
};

struct alignas(16) uint4
{
    uint32_t x, y, z, w;
};

struct alignas(16) int4
{
    int32_t x, y, z, w;
};

inline float2 make_float2(float x, float y) { return {x, y}; }
inline short2 make_short2(int16_t x, int16_t y) { return {x, y}; }
inline uint2 make_uint2(uint32_t x, uint32_t y) { return {x, y}; }
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
inline uint4 make_uint4(uint32_t x, uint32_t y, uint32_t z, uint32_t w) { return {x, y, z, w}; }
inline int4 make_int4(int32_t x, int32_t y, int32_t z, int32_t w) { return {x, y, z, w}; }
