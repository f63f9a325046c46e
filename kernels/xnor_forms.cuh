// The forms in which tensor cores multiply signs, one a kind of GPU. Each has what is done with the words of a filter tap, 32 channels
// each, what matrices are made of them, and how the sum becomes the count n of notes/binary_conv.md. The words of x are zero where a tap
// lies in the padding and past the end of a filter, and so are those of w past its end.
#pragma once
#include "bits.cuh"
#include "mma.cuh"

// What an output pixel has besides the sum of a form.
struct PixelCount
{
    int32_t products; // of its taps inside the image
    int32_t words;    // of them
    int32_t set;      // bits of x, for the form that asks for them
};

// Two matrix products of a set bit with a set bit would do, of the bits and of their complements. One does where the bits set in x and in
// the filter's taps inside the image are known: (1 - 2u)(1 - 2v) = 1 - 2u - 2v + 4uv.
struct AndForm
{
    static constexpr bool kCountsX = true, kCountsFilters = true;
    static constexpr uint32_t kParts = 1;

    static __device__ __forceinline__ uint32_t part_of_x(uint32_t word, bool, uint32_t) { return word; }
    static __device__ __forceinline__ uint32_t part_of_w(uint32_t word, uint32_t) { return word; }

    static __device__ __forceinline__ void multiply(int32_t (&d)[kRegistersD], const uint32_t (&a)[kRegistersA],
        const uint32_t (&b)[kRegistersB])
    {
        mma_and(d, a, b);
    }

    static __device__ __forceinline__ int32_t count(int32_t sum, const PixelCount& pixel, int32_t inside, int32_t)
    {
        return pixel.products - 2 * (pixel.set + inside) + 4 * sum;
    }
};

// Bits that differ. In the padding those of the filter alone are counted, which are taken out again.
struct XorForm
{
    static constexpr bool kCountsX = false, kCountsFilters = true;
    static constexpr uint32_t kParts = 1;

    static __device__ __forceinline__ uint32_t part_of_x(uint32_t word, bool, uint32_t) { return word; }
    static __device__ __forceinline__ uint32_t part_of_w(uint32_t word, uint32_t) { return word; }

    static __device__ __forceinline__ void multiply(int32_t (&d)[kRegistersD], const uint32_t (&a)[kRegistersA],
        const uint32_t (&b)[kRegistersB])
    {
        mma_xor(d, a, b);
    }

    static __device__ __forceinline__ int32_t count(int32_t sum, const PixelCount& pixel, int32_t inside, int32_t all)
    {
        return pixel.products - 2 * (sum - (all - inside));
    }
};

// Bytes of +1 and -1, and of 0 in the padding. An unused channel of a last word is a product of +1 with +1, and is taken out again: x has 0
// in whole words only.
struct Int8Form
{
    static constexpr bool kCountsX = false, kCountsFilters = false;
    static constexpr uint32_t kParts = kBitsPerWord / 4;
    static constexpr uint32_t kSigns = 0x0000FF01u; // by bit

    // Four of the bits of a word, four apart, as selectors of a byte each: any order will do that x and w agree on.
    static __device__ __forceinline__ uint32_t bytes(uint32_t word, uint32_t signs, uint32_t part)
    {
        return __byte_perm(signs, 0u, (word >> part % 4 & 0x11111111u) >> part / 4 * 16);
    }

    static __device__ __forceinline__ uint32_t part_of_x(uint32_t word, bool inside, uint32_t part)
    {
        return bytes(word, inside ? kSigns : 0u, part);
    }

    static __device__ __forceinline__ uint32_t part_of_w(uint32_t word, uint32_t part) { return bytes(word, kSigns, part); }

    static __device__ __forceinline__ void multiply(int32_t (&d)[kRegistersD], const uint32_t (&a)[kRegistersA],
        const uint32_t (&b)[kRegistersB])
    {
        mma_int8(d, a, b);
    }

    static __device__ __forceinline__ int32_t count(int32_t sum, const PixelCount& pixel, int32_t, int32_t)
    {
        return sum - (pixel.words * (int32_t)kBitsPerWord - pixel.products);
    }
};
