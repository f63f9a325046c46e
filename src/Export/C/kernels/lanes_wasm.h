
/* Four lanes of 32 bits, two of 64. */
#if defined(NN_ON_WASM)

#define NN_LANES 4
#define NN_FLOATS 4
#define NN_DOUBLES 2
#define NN_ROOM 31 /* bytes count, 8 at most a word */
typedef v128_t nn_w;
typedef v128_t nn_f;
typedef v128_t nn_d;

NN_INLINE nn_w nn_w_zero(void) { return wasm_i32x4_const_splat(0); }

NN_INLINE nn_w nn_w_load(const uint32_t *x) { return wasm_v128_load(x); }

NN_INLINE nn_w nn_w_count(nn_w sum, nn_w w, uint32_t x)
{
    return wasm_i8x16_add(sum, wasm_i8x16_popcnt(wasm_v128_xor(wasm_i32x4_splat((int32_t)x), w)));
}

NN_INLINE nn_w nn_w_flush(nn_w sum, nn_w total)
{
    return wasm_i32x4_add(total, wasm_u32x4_extadd_pairwise_u16x8(wasm_u16x8_extadd_pairwise_u8x16(sum)));
}

NN_INLINE void nn_w_dots(int32_t *counts, const int32_t *starts, nn_w differing)
{
    wasm_v128_store(counts, wasm_i32x4_sub(wasm_v128_load(starts), wasm_i32x4_shl(differing, 1)));
}

NN_INLINE uint32_t nn_w_at_most(const int32_t *counts, const int32_t *bounds)
{
    return (uint32_t)wasm_i32x4_bitmask(wasm_i32x4_le(wasm_v128_load(counts), wasm_v128_load(bounds)));
}

NN_INLINE nn_f nn_f_load(const float *x) { return wasm_v128_load(x); }

NN_INLINE void nn_f_store(float *y, nn_f x) { wasm_v128_store(y, x); }

NN_INLINE nn_f nn_f_scaled(const int32_t *counts, const float *scale)
{
    return wasm_f32x4_mul(wasm_f32x4_convert_i32x4(wasm_v128_load(counts)), wasm_v128_load(scale));
}

NN_INLINE nn_f nn_f_add(nn_f a, nn_f b) { return wasm_f32x4_add(a, b); }

NN_INLINE nn_f nn_f_subtract(nn_f a, nn_f b) { return wasm_f32x4_sub(a, b); }

NN_INLINE nn_f nn_f_larger(nn_f a, nn_f b) { return wasm_f32x4_pmax(b, a); }

NN_INLINE nn_f nn_f_above(nn_f x, float least) { return wasm_f32x4_pmax(wasm_f32x4_splat(least), x); }

NN_INLINE nn_f nn_f_below(nn_f x, float most) { return wasm_f32x4_pmin(wasm_f32x4_splat(most), x); }

NN_INLINE uint32_t nn_f_negative(nn_f x)
{
    return (uint32_t)wasm_i32x4_bitmask(wasm_f32x4_lt(x, wasm_f32x4_const_splat(0)));
}

NN_INLINE nn_d nn_d_zero(void) { return wasm_f64x2_const_splat(0); }

NN_INLINE nn_d nn_d_load(const float *x) { return wasm_f64x2_promote_low_f32x4(wasm_v128_load64_zero(x)); }

NN_INLINE void nn_d_store(float *y, nn_d x) { wasm_v128_store64_lane(y, wasm_f32x4_demote_f64x2_zero(x), 0); }

NN_INLINE nn_d nn_d_add_product(nn_d sum, nn_d w, double x)
{
    return wasm_f64x2_add(sum, wasm_f64x2_mul(w, wasm_f64x2_splat(x)));
}

NN_INLINE nn_f nn_f_affine(nn_f x, const float *factor, const float *shift)
{
    nn_d lower = wasm_f64x2_promote_low_f32x4(x);
    nn_d upper = wasm_f64x2_promote_low_f32x4(wasm_i32x4_shuffle(x, x, 2, 3, 2, 3));
    lower = wasm_f64x2_add(wasm_f64x2_mul(lower, nn_d_load(factor)), nn_d_load(shift));
    upper = wasm_f64x2_add(wasm_f64x2_mul(upper, nn_d_load(factor + 2)), nn_d_load(shift + 2));
    lower = wasm_f32x4_demote_f64x2_zero(lower);
    return wasm_i32x4_shuffle(lower, wasm_f32x4_demote_f64x2_zero(upper), 0, 1, 4, 5);
}

#endif
