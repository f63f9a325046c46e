
/* Eight lanes of 32 bits, four of 64. */
#if defined(NN_ON_AVX2)

#define NN_LANES 8
#define NN_FLOATS 8
#define NN_DOUBLES 4
#define NN_ROOM 31 /* bytes count, 8 at most a word */
typedef __m256i nn_w;
typedef __m256 nn_f;
typedef __m256d nn_d;

NN_INLINE nn_w nn_w_zero(void) { return _mm256_setzero_si256(); }

NN_INLINE nn_w nn_w_load(const uint32_t *x) { return _mm256_loadu_si256((const __m256i *)(const void *)x); }

NN_INLINE nn_w nn_w_count(nn_w sum, nn_w w, uint32_t x)
{
    const nn_w ones = _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
    const nn_w low = _mm256_set1_epi8(15);
    nn_w differing = _mm256_xor_si256(_mm256_set1_epi32((int32_t)x), w);
    nn_w upper = _mm256_and_si256(_mm256_srli_epi32(differing, 4), low);
    nn_w lower = _mm256_and_si256(differing, low);
    sum = _mm256_add_epi8(sum, _mm256_shuffle_epi8(ones, upper));
    return _mm256_add_epi8(sum, _mm256_shuffle_epi8(ones, lower));
}

NN_INLINE nn_w nn_w_flush(nn_w sum, nn_w total)
{
    nn_w pairs = _mm256_maddubs_epi16(sum, _mm256_set1_epi8(1));
    return _mm256_add_epi32(total, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

NN_INLINE void nn_w_dots(int32_t *counts, const int32_t *starts, nn_w differing)
{
    nn_w start = _mm256_loadu_si256((const __m256i *)(const void *)starts);
    start = _mm256_sub_epi32(start, _mm256_add_epi32(differing, differing));
    _mm256_storeu_si256((__m256i *)(void *)counts, start);
}

NN_INLINE uint32_t nn_w_at_most(const int32_t *counts, const int32_t *bounds)
{
    nn_w count = _mm256_loadu_si256((const __m256i *)(const void *)counts);
    nn_w more = _mm256_cmpgt_epi32(count, _mm256_loadu_si256((const __m256i *)(const void *)bounds));
    return ~(uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(more)) & 255;
}

NN_INLINE nn_f nn_f_load(const float *x) { return _mm256_loadu_ps(x); }

NN_INLINE void nn_f_store(float *y, nn_f x) { _mm256_storeu_ps(y, x); }

NN_INLINE nn_f nn_f_scaled(const int32_t *counts, const float *scale)
{
    nn_f count = _mm256_cvtepi32_ps(_mm256_loadu_si256((const __m256i *)(const void *)counts));
    nn_f y = _mm256_mul_ps(count, _mm256_loadu_ps(scale));
    NN_KEEP("x", y);
    return y;
}

NN_INLINE nn_f nn_f_add(nn_f a, nn_f b) { return _mm256_add_ps(a, b); }

NN_INLINE nn_f nn_f_subtract(nn_f a, nn_f b) { return _mm256_sub_ps(a, b); }

NN_INLINE nn_f nn_f_above(nn_f x, float least) { return _mm256_max_ps(x, _mm256_set1_ps(least)); }

NN_INLINE nn_f nn_f_below(nn_f x, float most) { return _mm256_min_ps(x, _mm256_set1_ps(most)); }

NN_INLINE nn_f nn_f_larger(nn_f a, nn_f b) { return _mm256_max_ps(a, b); }

NN_INLINE uint32_t nn_f_negative(nn_f x)
{
    return (uint32_t)_mm256_movemask_ps(_mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_LT_OQ));
}

NN_INLINE nn_d nn_d_zero(void) { return _mm256_setzero_pd(); }

NN_INLINE nn_d nn_d_load(const float *x) { return _mm256_cvtps_pd(_mm_loadu_ps(x)); }

NN_INLINE void nn_d_store(float *y, nn_d x) { _mm_storeu_ps(y, _mm256_cvtpd_ps(x)); }

/* Where the products are exact, it is the same with one instruction or two. */
NN_INLINE nn_d nn_d_add_product(nn_d sum, nn_d w, double x)
{
    return _mm256_add_pd(sum, _mm256_mul_pd(w, _mm256_set1_pd(x)));
}

NN_INLINE nn_f nn_f_affine(nn_f x, const float *factor, const float *shift)
{
    nn_d lower = _mm256_mul_pd(_mm256_cvtps_pd(_mm256_castps256_ps128(x)), nn_d_load(factor));
    nn_d upper = _mm256_mul_pd(_mm256_cvtps_pd(_mm256_extractf128_ps(x, 1)), nn_d_load(factor + 4));
    lower = _mm256_add_pd(lower, nn_d_load(shift));
    upper = _mm256_add_pd(upper, nn_d_load(shift + 4));
    return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm256_cvtpd_ps(lower)), _mm256_cvtpd_ps(upper), 1);
}

#endif
