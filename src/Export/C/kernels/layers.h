
/* Signs of floats. */
NN_FUNCTION void nn_pack(const nn_shape *s, const float *x, uint32_t *bits)
{
    static const nn_numbers as_they_are = {0, 0, 0, 0, 0};
    nn_pointwise(&as_they_are, s, x, 0, 0, bits);
}

/* Option A shortcut: every second pixel, as many zero channels before as after. */
NN_FUNCTION void nn_pad(const nn_shape *xs, const float *x, const nn_shape *ys, float *NN_RESTRICT y)
{
    const int32_t side = (ys->channels - xs->channels) / 2;
    int32_t p, q, c;
    for (p = 0; p < ys->height; p++) {
        const float *pixel = x + (ptrdiff_t)2 * p * xs->width * xs->lanes;
        for (q = 0; q < ys->width; q++, y += ys->lanes, pixel += 2 * (ptrdiff_t)xs->lanes) {
            for (c = 0; c < side; c++)
                y[c] = 0;
            for (c = 0; c < xs->channels; c++)
                y[side + c] = pixel[c];
            for (c += side; c < ys->lanes; c++)
                y[c] = 0;
        }
    }
}

/* What of a window lies inside the image. */
NN_INLINE int32_t nn_first(int32_t at, int32_t stride, int32_t padding)
{
    return at * stride > padding ? at * stride - padding : 0;
}

NN_INLINE int32_t nn_end(int32_t at, int32_t stride, int32_t padding, int32_t window, int32_t size)
{
    return nn_least(at * stride - padding + window, size);
}

/* The largest number of each window; what lies outside never is. */
NN_FUNCTION void nn_max_pool(const nn_window *w, const nn_shape *xs, const float *x, const nn_shape *ys, float *NN_RESTRICT y)
{
    int32_t p, q, a, b, c;
    for (p = 0; p < ys->height; p++)
        for (q = 0; q < ys->width; q++, y += ys->lanes) {
            const int32_t top = nn_first(p, w->stride, w->padding), left = nn_first(q, w->stride, w->padding);
            const int32_t bottom = nn_end(p, w->stride, w->padding, w->height, xs->height);
            const int32_t right = nn_end(q, w->stride, w->padding, w->width, xs->width);
            for (c = 0; c < xs->lanes; c += NN_FLOATS) {
                nn_f best = nn_f_load(x + ((ptrdiff_t)top * xs->width + left) * xs->lanes + c);
                for (a = top; a < bottom; a++)
                    for (b = left; b < right; b++)
                        best = nn_f_larger(nn_f_load(x + ((ptrdiff_t)a * xs->width + b) * xs->lanes + c), best);
                nn_f_store(y + c, best);
            }
        }
}

/* The same of signs: -1 where all are. */
NN_FUNCTION void nn_max_pool_signs(const nn_window *w, const nn_shape *xs, uint32_t *x, const nn_shape *ys, uint32_t *y)
{
    const int32_t words = nn_words(xs);
    int32_t p, q, a, b, i;
    nn_clear_margin(ys, y);
    for (p = 0; p < ys->height; p++) {
        uint32_t *to = nn_bits_of_row(ys, y, p);
        for (q = 0; q < ys->width; q++, to += words) {
            const int32_t top = nn_first(p, w->stride, w->padding), left = nn_first(q, w->stride, w->padding);
            const int32_t bottom = nn_end(p, w->stride, w->padding, w->height, xs->height);
            const int32_t right = nn_end(q, w->stride, w->padding, w->width, xs->width);
            for (i = 0; i < words; i++)
                to[i] = 0xffffffff;
            for (a = top; a < bottom; a++) {
                const uint32_t *from = nn_bits_of_row(xs, x, a);
                for (b = left; b < right; b++)
                    for (i = 0; i < words; i++)
                        to[i] &= from[b * words + i];
            }
        }
    }
}

/* Mean of each window's pixels, summed in double row by row, divided and rounded once. */
NN_FUNCTION void nn_average_pool(const nn_window *w, const nn_shape *xs, const float *x, const nn_shape *ys, float *NN_RESTRICT y)
{
    const double pixels = (double)w->height * (double)w->width;
    int32_t p, q, a, b, c, i;
    for (p = 0; p < ys->height; p++)
        for (q = 0; q < ys->width; q++, y += ys->lanes)
            for (c = 0; c < xs->lanes; c += NN_GROUP) {
                double sums[NN_GROUP] = {0};
                for (a = p * w->height; a < (p + 1) * w->height; a++)
                    for (b = q * w->width; b < (q + 1) * w->width; b++)
                        for (i = 0; i < NN_GROUP; i++)
                            sums[i] += (double)x[((ptrdiff_t)a * xs->width + b) * xs->lanes + c + i];
                for (i = 0; i < NN_GROUP; i++)
                    y[c + i] = (float)(sums[i] / pixels);
            }
}

/* All pixels as one. */
NN_FUNCTION void nn_flatten(const nn_shape *xs, const float *x, const nn_shape *ys, float *NN_RESTRICT y)
{
    const ptrdiff_t pixels = (ptrdiff_t)xs->height * xs->width;
    ptrdiff_t i;
    int32_t c;
    for (i = 0; i < pixels; i++, x += xs->lanes)
        for (c = 0; c < xs->channels; c++)
            *y++ = x[c];
    for (c = ys->channels; c < ys->lanes; c++)
        *y++ = 0;
}

/* The same of signs, whose channels fill whole words. */
NN_FUNCTION void nn_flatten_signs(const nn_shape *xs, uint32_t *x, const nn_shape *ys, uint32_t *y)
{
    const int32_t words = nn_words(xs) * xs->width;
    uint32_t *to = nn_bits_of_row(ys, y, 0);
    int32_t p, i;
    nn_clear_margin(ys, y);
    for (p = 0; p < xs->height; p++) {
        const uint32_t *from = nn_bits_of_row(xs, x, p);
        for (i = 0; i < words; i++)
            *to++ = from[i];
    }
}

/* The largest score's number, the first of equals; scores are copied on the way. */
NN_FUNCTION int nn_label(const float *x, int32_t classes, float *scores)
{
    int32_t i, best = 0;
    for (i = 0; i < classes; i++) {
        scores[i] = x[i];
        best = x[i] > x[best] ? i : best;
    }
    return best;
}
