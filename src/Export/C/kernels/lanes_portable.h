
/* Any processor: four lanes where the compiler has vectors; else two words in 64 bits, and numbers one at a time. */
#if defined(NN_ON_ANY)

#define NN_ROOM 31 /* bytes count, 8 at most a word */

#if defined(NN_VECTORS)
#define NN_LANES 4
#define NN_FLOATS 4
#define NN_DOUBLES 2
#define NN_BYTES(byte) ((byte) * 0x01010101u)
typedef uint32_t nn_w __attribute__((vector_size(16)));
typedef int32_t nn_i __attribute__((vector_size(16)));
typedef float nn_f __attribute__((vector_size(16)));
typedef double nn_d __attribute__((vector_size(16)));

NN_INLINE nn_w nn_w_load(const uint32_t *x)
{
    nn_w w;
    __builtin_memcpy(&w, x, sizeof w);
    return w;
}

NN_INLINE nn_w nn_w_splat(uint32_t x)
{
    nn_w w = {x, x, x, x};
    return w;
}

NN_INLINE void nn_w_store(uint32_t *y, nn_w x) { __builtin_memcpy(y, &x, sizeof x); }

NN_INLINE nn_d nn_d_load(const float *x)
{
    nn_d w = {(double)x[0], (double)x[1]};
    return w;
}

NN_INLINE void nn_d_store(float *y, nn_d x)
{
    y[0] = (float)x[0];
    y[1] = (float)x[1];
}

NN_INLINE uint32_t nn_mask(nn_i x)
{
#if defined(__SSE2__)
    return (uint32_t)_mm_movemask_ps((__m128)x);
#else
    return (uint32_t)((x[0] & 1) | (x[1] & 2) | (x[2] & 4) | (x[3] & 8));
#endif
}

NN_INLINE nn_i nn_i_load(const int32_t *x)
{
    nn_i v;
    __builtin_memcpy(&v, x, sizeof v);
    return v;
}

NN_INLINE uint32_t nn_w_at_most(const int32_t *counts, const int32_t *bounds)
{
    return nn_mask(nn_i_load(counts) <= nn_i_load(bounds));
}

NN_INLINE nn_f nn_f_load(const float *x)
{
    nn_f v;
    __builtin_memcpy(&v, x, sizeof v);
    return v;
}

NN_INLINE void nn_f_store(float *y, nn_f x) { __builtin_memcpy(y, &x, sizeof x); }

/* Exact in double, then rounded. */
NN_INLINE nn_f nn_f_scaled(const int32_t *counts, const float *scale)
{
    nn_f y = {(float)((double)counts[0] * (double)scale[0]), (float)((double)counts[1] * (double)scale[1]),
              (float)((double)counts[2] * (double)scale[2]), (float)((double)counts[3] * (double)scale[3])};
    return y;
}

NN_INLINE nn_f nn_f_chosen(nn_i where, nn_f a, nn_f b) { return (nn_f)(((nn_i)a & where) | ((nn_i)b & ~where)); }

NN_INLINE nn_f nn_f_larger(nn_f a, nn_f b) { return nn_f_chosen(a > b, a, b); }

NN_INLINE nn_f nn_f_above(nn_f x, float least)
{
    const nn_f y = {least, least, least, least};
    return nn_f_larger(x, y);
}

NN_INLINE nn_f nn_f_below(nn_f x, float most)
{
    const nn_f y = {most, most, most, most};
    return nn_f_chosen(x < y, x, y);
}

NN_INLINE uint32_t nn_f_negative(nn_f x)
{
    const nn_f zero = {0, 0, 0, 0};
    return nn_mask(x < zero);
}

NN_INLINE nn_f nn_f_affine(nn_f x, const float *factor, const float *shift)
{
    nn_f y = {(float)((double)x[0] * (double)factor[0] + (double)shift[0]), (float)((double)x[1] * (double)factor[1] + (double)shift[1]),
              (float)((double)x[2] * (double)factor[2] + (double)shift[2]), (float)((double)x[3] * (double)factor[3] + (double)shift[3])};
    return y;
}
#else
#define NN_LANES 2
#define NN_FLOATS 1
#define NN_DOUBLES 1
#define NN_BYTES(byte) ((byte) * UINT64_C(0x0101010101010101))
typedef uint64_t nn_w;
typedef float nn_f;
typedef double nn_d;

NN_INLINE nn_w nn_w_load(const uint32_t *x) { return x[0] | (uint64_t)x[1] << 32; }

NN_INLINE nn_w nn_w_splat(uint32_t x) { return x | (uint64_t)x << 32; }

NN_INLINE void nn_w_store(uint32_t *y, nn_w x)
{
    y[0] = (uint32_t)x;
    y[1] = (uint32_t)(x >> 32);
}

NN_INLINE nn_d nn_d_load(const float *x) { return (double)x[0]; }

NN_INLINE void nn_d_store(float *y, nn_d x) { y[0] = (float)x; }

NN_INLINE uint32_t nn_w_at_most(const int32_t *counts, const int32_t *bounds) { return *counts <= *bounds; }

NN_INLINE nn_f nn_f_load(const float *x) { return *x; }

NN_INLINE void nn_f_store(float *y, nn_f x) { *y = x; }

/* Exact in double. */
NN_INLINE nn_f nn_f_scaled(const int32_t *counts, const float *scale) { return (float)((double)*counts * (double)*scale); }

NN_INLINE nn_f nn_f_larger(nn_f a, nn_f b) { return a > b ? a : b; }

NN_INLINE nn_f nn_f_above(nn_f x, float least) { return x > least ? x : least; }

NN_INLINE nn_f nn_f_below(nn_f x, float most) { return x < most ? x : most; }

NN_INLINE uint32_t nn_f_negative(nn_f x) { return x < 0; }

NN_INLINE nn_f nn_f_affine(nn_f x, const float *factor, const float *shift)
{
    return (float)((double)x * (double)*factor + (double)*shift);
}
#endif

NN_INLINE nn_w nn_w_zero(void) { return nn_w_splat(0); }

NN_INLINE nn_w nn_w_count(nn_w sum, nn_w w, uint32_t x)
{
    nn_w v = nn_w_splat(x) ^ w;
    v -= v >> 1 & NN_BYTES(0x55u);
    v = (v & NN_BYTES(0x33u)) + (v >> 2 & NN_BYTES(0x33u));
    return sum + ((v + (v >> 4)) & NN_BYTES(0x0fu));
}

NN_INLINE nn_w nn_w_flush(nn_w sum, nn_w total)
{
    const nn_w bytes = nn_w_splat(0x00ff00ff), halves = nn_w_splat(0x0000ffff);
    sum = (sum & bytes) + (sum >> 8 & bytes);
    return total + (sum & halves) + (sum >> 16 & halves);
}

NN_INLINE void nn_w_dots(int32_t *counts, const int32_t *starts, nn_w differing)
{
    uint32_t sums[NN_LANES];
    int32_t i;
    nn_w_store(sums, differing);
    for (i = 0; i < NN_LANES; i++)
        counts[i] = starts[i] - 2 * (int32_t)sums[i];
}

NN_INLINE nn_f nn_f_add(nn_f a, nn_f b) { return a + b; }

NN_INLINE nn_f nn_f_subtract(nn_f a, nn_f b) { return a - b; }

NN_INLINE nn_d nn_d_zero(void)
{
    const float zeros[2] = {0, 0};
    return nn_d_load(zeros);
}

NN_INLINE nn_d nn_d_add_product(nn_d sum, nn_d w, double x) { return sum + w * x; }

#endif
