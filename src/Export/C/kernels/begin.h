/*
 * Binary networks in C99: bits in, bits out, integer counts; no memory is allocated and no library is called.
 *
 * The numerics, which no compiler and no processor changes. Every number is float (IEEE 754 single), every operation is rounded to
 * nearest once. Counts are exact integers. Sums of real products are taken in double, one product after the other: the product of two
 * floats is exact there, so that a fused multiplication and addition gives the same bits as two instructions do. Where floats are
 * multiplied and then added to, the product is rounded to float in between, by a conversion that compilers keep.
 *
 * A bit is 1 for a number below 0. Bits of a pixel lie in words of 32, channel c in bit c % 32 of word c / 32, with a margin of zero
 * bits around the image as wide as the padding of who reads it. Floats of a pixel lie in groups of sixteen channels, the last one filled
 * up with zeros.
 */
#if defined(__FAST_MATH__) || (defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ != 0 && __FLT_EVAL_METHOD__ != 16)
#error "this code needs IEEE arithmetic: compile it without -ffast-math, and on 32-bit x86 with -msse2 -mfpmath=sse"
#endif

#include <stddef.h>
#include <stdint.h>
#if defined(NN_SCALAR)
#define NN_ON_ANY
#elif defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
#define NN_ON_AVX512
#include <immintrin.h>
#elif defined(__AVX2__)
#define NN_ON_AVX2
#include <immintrin.h>
#elif defined(__wasm_simd128__)
#define NN_ON_WASM
#include <wasm_simd128.h>
#else
#define NN_ON_ANY
#if defined(__GNUC__) && !defined(__ALTIVEC__)
#define NN_VECTORS
#endif
#if defined(__SSE2__)
#include <emmintrin.h>
#endif
#endif

#if defined(__GNUC__)
#define NN_FUNCTION static __attribute__((unused))
#define NN_INLINE static inline __attribute__((always_inline, unused))
#define NN_RESTRICT __restrict__
#elif defined(__cplusplus)
#define NN_FUNCTION static
#define NN_INLINE static inline
#define NN_RESTRICT
#else
#define NN_FUNCTION static
#define NN_INLINE static inline
#define NN_RESTRICT restrict
#endif

/* Keeps a product from being fused with the sum that follows it: it is rounded by itself. */
#if defined(__GNUC__)
#define NN_KEEP(where, x) __asm__("" : "+" where(x))
#else
#define NN_KEEP(where, x) ((void)0)
#endif

/* Channels that are computed together. */
#define NN_GROUP 16

/* A value: its size, channels up to the next sixteen (of the image maybe its own), and the margin of its bits. */
typedef struct {
    int32_t height, width, channels, lanes, margin;
} nn_shape;

/* What becomes of a number: the scale of a count, the activation, the normalisation. Arrays hold one a lane, or are null. */
typedef struct {
    const float *scale;
    int32_t activation; /* 0 none, 1 max(x, 0), 2 x cut to [-1, 1] */
    const float *mean, *factor, *shift;
} nn_numbers;

/* A convolution of signs, which gives either signs, by bounds, or numbers. */
typedef struct {
    int32_t kernel, stride, padding;
    const uint32_t *weights;                 /* [groups][words of a kernel][16] */
    const int32_t *starts;                   /* [row classes][column classes][lanes]: where counts start */
    const int32_t *row_starts, *column_starts; /* where in them those of a row and of a column are */
    const int32_t *bounds;                   /* [lanes], or null for numbers */
    const uint32_t *flips;                   /* a bit an output */
    nn_numbers numbers;
} nn_sign_layer;

/* A convolution of reals. */
typedef struct {
    int32_t kernel, stride, padding;
    const float *weights; /* [groups][kernel][kernel][input channels][16] */
} nn_real_layer;

/* Windows of a pool. */
typedef struct {
    int32_t height, width, stride, padding;
} nn_window;

NN_INLINE int32_t nn_least(int32_t a, int32_t b) { return a < b ? a : b; }

NN_INLINE int32_t nn_words(const nn_shape *s) { return (s->channels + 31) / 32; }

/* Words from a row of bits to the next. */
NN_INLINE int32_t nn_row(const nn_shape *s) { return (s->width + 2 * s->margin) * nn_words(s); }

/* The bits of a row's first pixel. */
NN_INLINE uint32_t *nn_bits_of_row(const nn_shape *s, uint32_t *bits, int32_t p)
{
    return bits + (ptrdiff_t)(p + s->margin) * nn_row(s) + s->margin * nn_words(s);
}
