
/* Sixteen lanes of 32 bits, eight of 64. */
#if defined(NN_ON_AVX512)

#define NN_LANES 16
#define NN_FLOATS 16
#define NN_DOUBLES 8
typedef __m512i nn_w;
typedef __m512 nn_f;
typedef __m512d nn_d;

NN_INLINE nn_w nn_w_zero(void) { return _mm512_setzero_si512(); }

NN_INLINE nn_w nn_w_load(const uint32_t *x) { return _mm512_loadu_si512((const void *)x); }

#if defined(__AVX512VPOPCNTDQ__)
/* Lanes count as they are. */
#define NN_ROOM 0x7fffffff

NN_INLINE nn_w nn_w_count(nn_w sum, nn_w w, uint32_t x)
{
    nn_w differing = _mm512_xor_si512(_mm512_set1_epi32((int32_t)x), w);
    return _mm512_add_epi32(sum, _mm512_popcnt_epi32(differing));
}

NN_INLINE nn_w nn_w_flush(nn_w sum, nn_w total) { return _mm512_add_epi32(sum, total); }
#else
/* Bytes count, 8 at most a word. */
#define NN_ROOM 31

NN_INLINE nn_w nn_w_count(nn_w sum, nn_w w, uint32_t x)
{
    const nn_w ones = _mm512_broadcast_i32x4(_mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
    const nn_w low = _mm512_set1_epi8(15);
    nn_w differing = _mm512_xor_si512(_mm512_set1_epi32((int32_t)x), w);
    nn_w upper = _mm512_and_si512(_mm512_srli_epi32(differing, 4), low);
    nn_w lower = _mm512_and_si512(differing, low);
    sum = _mm512_add_epi8(sum, _mm512_shuffle_epi8(ones, upper));
    return _mm512_add_epi8(sum, _mm512_shuffle_epi8(ones, lower));
}

NN_INLINE nn_w nn_w_flush(nn_w sum, nn_w total)
{
    nn_w pairs = _mm512_maddubs_epi16(sum, _mm512_set1_epi8(1));
    return _mm512_add_epi32(total, _mm512_madd_epi16(pairs, _mm512_set1_epi16(1)));
}
#endif

NN_INLINE void nn_w_dots(int32_t *counts, const int32_t *starts, nn_w differing)
{
    nn_w start = _mm512_loadu_si512((const void *)starts);
    _mm512_storeu_si512((void *)counts, _mm512_sub_epi32(start, _mm512_add_epi32(differing, differing)));
}

NN_INLINE uint32_t nn_w_at_most(const int32_t *counts, const int32_t *bounds)
{
    nn_w count = _mm512_loadu_si512((const void *)counts);
    return _mm512_cmple_epi32_mask(count, _mm512_loadu_si512((const void *)bounds));
}

NN_INLINE nn_f nn_f_load(const float *x) { return _mm512_loadu_ps(x); }

NN_INLINE void nn_f_store(float *y, nn_f x) { _mm512_storeu_ps(y, x); }

NN_INLINE nn_f nn_f_scaled(const int32_t *counts, const float *scale)
{
    nn_f count = _mm512_cvtepi32_ps(_mm512_loadu_si512((const void *)counts));
    nn_f y = _mm512_mul_ps(count, _mm512_loadu_ps(scale));
    NN_KEEP("v", y);
    return y;
}

NN_INLINE nn_f nn_f_add(nn_f a, nn_f b) { return _mm512_add_ps(a, b); }

NN_INLINE nn_f nn_f_subtract(nn_f a, nn_f b) { return _mm512_sub_ps(a, b); }

NN_INLINE nn_f nn_f_above(nn_f x, float least) { return _mm512_max_ps(x, _mm512_set1_ps(least)); }

NN_INLINE nn_f nn_f_below(nn_f x, float most) { return _mm512_min_ps(x, _mm512_set1_ps(most)); }

NN_INLINE nn_f nn_f_larger(nn_f a, nn_f b) { return _mm512_max_ps(a, b); }

NN_INLINE uint32_t nn_f_negative(nn_f x) { return _mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_LT_OQ); }

NN_INLINE nn_d nn_d_zero(void) { return _mm512_setzero_pd(); }

NN_INLINE nn_d nn_d_load(const float *x) { return _mm512_cvtps_pd(_mm256_loadu_ps(x)); }

NN_INLINE void nn_d_store(float *y, nn_d x) { _mm256_storeu_ps(y, _mm512_cvtpd_ps(x)); }

NN_INLINE nn_d nn_d_add_product(nn_d sum, nn_d w, double x) { return _mm512_fmadd_pd(w, _mm512_set1_pd(x), sum); }

NN_INLINE nn_f nn_f_affine(nn_f x, const float *factor, const float *shift)
{
    nn_d lower = _mm512_cvtps_pd(_mm512_castps512_ps256(x));
    nn_d upper = _mm512_cvtps_pd(_mm512_extractf32x8_ps(x, 1));
    lower = _mm512_fmadd_pd(lower, nn_d_load(factor), nn_d_load(shift));
    upper = _mm512_fmadd_pd(upper, nn_d_load(factor + 8), nn_d_load(shift + 8));
    return _mm512_insertf32x8(_mm512_castps256_ps512(_mm512_cvtpd_ps(lower)), _mm512_cvtpd_ps(upper), 1);
}

#endif
