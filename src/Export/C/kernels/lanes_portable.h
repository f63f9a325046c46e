
/* Any processor: words four at a time where the compiler has vectors, else two in 64 bits; numbers one at a time. */
#if defined(NN_ON_ANY)

#define NN_FLOATS 1
#define NN_ROOM 31 /* bytes count, 8 at most a word */
typedef float nn_f;

#if defined(__GNUC__)
#define NN_LANES 4
#define NN_DOUBLES 2
#define NN_BYTES(byte) ((byte) * 0x01010101u)
typedef uint32_t nn_w __attribute__((vector_size(16)));
typedef double nn_d __attribute__((vector_size(16)));

NN_INLINE nn_w nn_w_load(const uint32_t *x)
{
    nn_w w = {x[0], x[1], x[2], x[3]};
    return w;
}

NN_INLINE nn_w nn_w_splat(uint32_t x)
{
    nn_w w = {x, x, x, x};
    return w;
}

NN_INLINE void nn_w_store(uint32_t *y, nn_w x)
{
    y[0] = x[0];
    y[1] = x[1];
    y[2] = x[2];
    y[3] = x[3];
}

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
#else
#define NN_LANES 2
#define NN_DOUBLES 1
#define NN_BYTES(byte) ((byte) * UINT64_C(0x0101010101010101))
typedef uint64_t nn_w;
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

NN_INLINE uint32_t nn_w_at_most(const int32_t *counts, const int32_t *bounds) { return *counts <= *bounds; }

NN_INLINE nn_f nn_f_load(const float *x) { return *x; }

NN_INLINE void nn_f_store(float *y, nn_f x) { *y = x; }

/* Exact in double. */
NN_INLINE nn_f nn_f_scaled(const int32_t *counts, const float *scale) { return (float)((double)*counts * (double)*scale); }

NN_INLINE nn_f nn_f_add(nn_f a, nn_f b) { return a + b; }

NN_INLINE nn_f nn_f_subtract(nn_f a, nn_f b) { return a - b; }

NN_INLINE nn_f nn_f_larger(nn_f a, nn_f b) { return a > b ? a : b; }

NN_INLINE nn_f nn_f_above(nn_f x, float least) { return x > least ? x : least; }

NN_INLINE nn_f nn_f_below(nn_f x, float most) { return x < most ? x : most; }

NN_INLINE uint32_t nn_f_negative(nn_f x) { return x < 0; }

NN_INLINE nn_f nn_f_affine(nn_f x, const float *factor, const float *shift)
{
    return (float)((double)x * (double)*factor + (double)*shift);
}

NN_INLINE nn_d nn_d_zero(void)
{
    const float zeros[2] = {0, 0};
    return nn_d_load(zeros);
}

NN_INLINE nn_d nn_d_add_product(nn_d sum, nn_d w, double x) { return sum + w * x; }

#endif
