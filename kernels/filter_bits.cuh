// How many bits are set in any rectangle of taps of 32 filters: sums over all taps above and to the left of each corner between taps, of
// which four give a rectangle's. Two filters share a word, 16 bits each: whole words are added and subtracted, for no difference that is
// asked for is below zero or above 65535.
#pragma once
#include "bits.cuh"
#include "conv_geometry.cuh"

constexpr uint32_t kMostTaps = 7; // of a filter's side
constexpr uint32_t kMostCorners = (kMostTaps + 1) * (kMostTaps + 1), kCornerBits = 6;
constexpr uint32_t kFilterPairs = 16;

static_assert(kMostCorners <= 1u << kCornerBits, "a corner's number, or a number of taps, in its bits");

// The taps of a window that lie inside the image, a rectangle of a square of them: the numbers of its corners, and how many they are.
struct TapsInside
{
    uint32_t packed; // five numbers of kCornerBits

    // The columns and the rows, bits in line without gaps, of a square of taps by taps.
    static __device__ __forceinline__ TapsInside of(uint32_t columns, uint32_t rows, uint32_t taps)
    {
        const uint32_t side = taps + 1, left = first(columns), right = left + (uint32_t)__popc(columns);
        const uint32_t top = first(rows) * side, bottom = top + (uint32_t)__popc(rows) * side;
        return {pack(top + left, 0) | pack(top + right, 1) | pack(bottom + left, 2) | pack(bottom + right, 3)
            | pack((uint32_t)(__popc(columns) * __popc(rows)), 4)};
    }

    __device__ __forceinline__ uint32_t corner(uint32_t which) const { return packed >> which * kCornerBits & ((1u << kCornerBits) - 1u); }
    __device__ __forceinline__ uint32_t count() const { return corner(4); }

private:
    static __device__ __forceinline__ uint32_t first(uint32_t bits) { return (uint32_t)__popc((bits & (0u - bits)) - 1u) % 32u; }
    static __device__ __forceinline__ uint32_t pack(uint32_t number, uint32_t place) { return number << place * kCornerBits; }
};

struct FilterBits
{
    uint32_t corner[kMostCorners][kFilterPairs];

    // Asked by kThreads threads, by their numbers, with a barrier before the first word is added.
    template <uint32_t kThreads>
    __device__ __forceinline__ void clear(uint32_t thread, uint32_t taps)
    {
        for (uint32_t at = thread; at < (taps + 1) * (taps + 1) * kFilterPairs; at += kThreads)
            corner[at / kFilterPairs][at % kFilterPairs] = 0;
    }

    // Adds bits of a pair of filters: each tap's at the corner below it to the right.
    __device__ __forceinline__ void add(uint32_t taps, uint32_t tap, uint32_t pair, uint32_t bits)
    {
        atomicAdd(&corner[(tap / taps + 1) * (taps + 1) + tap % taps + 1][pair], bits);
    }

    // Adds up along rows, then along columns. Asked by the same threads after all words.
    template <uint32_t kThreads>
    __device__ __forceinline__ void add_up(uint32_t thread, uint32_t taps)
    {
        const uint32_t side = taps + 1, pair = thread % kFilterPairs, own = thread / kFilterPairs + 1;
        for (uint32_t a = own; a < side; a += kThreads / kFilterPairs)
            for (uint32_t b = 1; b < taps; b++)
                corner[a * side + b + 1][pair] += corner[a * side + b][pair];
        __syncthreads();
        for (uint32_t b = own; b < side; b += kThreads / kFilterPairs)
            for (uint32_t a = 1; a < taps; a++)
                corner[(a + 1) * side + b][pair] += corner[a * side + b][pair];
        __syncthreads();
    }

    // Of a pair of filters.
    __device__ __forceinline__ uint32_t inside(const TapsInside& taps, uint32_t pair) const
    {
        return corner[taps.corner(3)][pair] - corner[taps.corner(2)][pair] - corner[taps.corner(1)][pair] + corner[taps.corner(0)][pair];
    }

    __device__ __forceinline__ uint32_t all(uint32_t taps, uint32_t pair) const { return corner[taps * taps + 2 * taps][pair]; }
};
