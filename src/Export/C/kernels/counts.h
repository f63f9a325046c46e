
/* Four pixels at a time, in NN_LANES outputs each. */
#define NN_COUNT(j) t##j = nn_w_count(t##j, k, x##j[i])
#define NN_FLUSH(j) sum##j = nn_w_flush(t##j, sum##j)
#define NN_DOTS(j) nn_w_dots(counts + NN_GROUP * (ptrdiff_t)q##j + lane, starts + columns[q##j] + lane, sum##j)

/*
 * Counts of a row of pixels for sixteen outputs, [pixels][16]. A pixel's kernel is a number of rows of words; row and step are the words
 * from one of its rows and from one pixel to the next.
 */
NN_INLINE void nn_count_as(const uint32_t *x, int32_t row, int32_t step, int32_t rows, int32_t words, const uint32_t *weights,
                           const int32_t *starts, const int32_t *columns, int32_t pixels, int32_t *NN_RESTRICT counts)
{
    int32_t q0, lane, a, i;
    for (q0 = 0; q0 < pixels; q0 += 4) {
        const int32_t last = pixels - 1, q1 = nn_least(q0 + 1, last), q2 = nn_least(q0 + 2, last), q3 = nn_least(q0 + 3, last);
        for (lane = 0; lane < NN_GROUP; lane += NN_LANES) {
            const uint32_t *x0 = x + (ptrdiff_t)q0 * step, *x1 = x + (ptrdiff_t)q1 * step, *x2 = x + (ptrdiff_t)q2 * step;
            const uint32_t *x3 = x + (ptrdiff_t)q3 * step, *w = weights + lane;
            const nn_w zero = nn_w_zero();
            nn_w t0 = zero, t1 = zero, t2 = zero, t3 = zero, sum0 = zero, sum1 = zero, sum2 = zero, sum3 = zero;
            int32_t room = NN_ROOM;
            for (a = 0; a < rows; a++, x0 += row, x1 += row, x2 += row, x3 += row) {
                for (i = 0; i < words; i++, w += NN_GROUP) {
                    const nn_w k = nn_w_load(w);
                    if (room-- == 0) {
                        NN_FLUSH(0), NN_FLUSH(1), NN_FLUSH(2), NN_FLUSH(3);
                        t0 = t1 = t2 = t3 = zero;
                        room = NN_ROOM - 1;
                    }
                    NN_COUNT(0), NN_COUNT(1), NN_COUNT(2), NN_COUNT(3);
                }
            }
            NN_FLUSH(0), NN_FLUSH(1), NN_FLUSH(2), NN_FLUSH(3);
            NN_DOTS(0), NN_DOTS(1), NN_DOTS(2), NN_DOTS(3);
        }
    }
}

/* The commonest sizes have loops of their own, in which weights stay in registers. */
NN_FUNCTION void nn_count_row(const uint32_t *x, int32_t row, int32_t step, int32_t rows, int32_t words, const uint32_t *weights,
                              const int32_t *starts, const int32_t *columns, int32_t pixels, int32_t *counts)
{
    if (rows == 5 && words == 1)
        nn_count_as(x, row, 1, 5, 1, weights, starts, columns, pixels, counts);
    else if (rows == 3 && words == 3)
        nn_count_as(x, row, step, 3, 3, weights, starts, columns, pixels, counts);
    else if (rows == 3 && words == 6)
        nn_count_as(x, row, step, 3, 6, weights, starts, columns, pixels, counts);
    else
        nn_count_as(x, row, step, rows, words, weights, starts, columns, pixels, counts);
}

NN_INLINE void nn_pair_as(const uint32_t *x, int32_t row, int32_t stride, int32_t columns, uint32_t *NN_RESTRICT y)
{
    const uint32_t *middle = x + row, *lower = middle + row;
    int32_t q, i;
    for (q = 0; q < columns; q++) {
        i = q * stride;
        y[q] = x[i] | x[i + 1] << 16;
        y[q + columns] = x[i + 2] | middle[i] << 16;
        y[q + 2 * columns] = middle[i + 1] | middle[i + 2] << 16;
        y[q + 3 * columns] = lower[i] | lower[i + 1] << 16;
        y[q + 4 * columns] = lower[i + 2];
    }
}

/* Pixels of at most sixteen channels under a kernel of 3 x 3, two in a word: [5][columns]. */
NN_FUNCTION void nn_pair(const uint32_t *x, int32_t row, int32_t stride, int32_t columns, uint32_t *y)
{
    if (stride == 1)
        nn_pair_as(x, row, 1, columns, y);
    else
        nn_pair_as(x, row, stride, columns, y);
}

/* Convolution of signs: of its bits, or of its numbers and maybe their signs. scratch: [columns][16] counts, then [5][columns] words. */
NN_FUNCTION void nn_sign_conv(const nn_sign_layer *l, const nn_shape *xs, uint32_t *x, const nn_shape *ys, const float *added, float *y,
                              uint32_t *bits, void *scratch)
{
    const int32_t row = nn_row(xs), words = nn_words(xs), columns = ys->width, margin = xs->margin - l->padding;
    const int paired = l->kernel == 3 && xs->channels <= 16;
    const int32_t size = paired ? 5 : l->kernel * l->kernel * words, groups = ys->lanes / NN_GROUP;
    const int32_t outer = paired ? ys->height : groups, inner = paired ? groups : ys->height;
    int32_t *counts = (int32_t *)scratch, i, j;
    uint32_t *pairs = (uint32_t *)(counts + (ptrdiff_t)columns * NN_GROUP);
    nn_group_row r;
    r.counts = counts;
    r.x = 0;
    r.columns = columns;
    r.lanes = ys->lanes;
    r.words = nn_words(ys);
    if (bits)
        nn_clear_margin(ys, bits);
    for (i = 0; i < outer; i++) {
        for (j = 0; j < inner; j++) {
            const int32_t p = paired ? i : j, group = paired ? j : i;
            const uint32_t *weights = l->weights + (ptrdiff_t)group * size * NN_GROUP;
            const int32_t *starts = l->starts + l->row_starts[p] + (ptrdiff_t)group * NN_GROUP;
            const uint32_t *top = x + (ptrdiff_t)(p * l->stride + margin) * row + (ptrdiff_t)margin * words;
            const ptrdiff_t at = (ptrdiff_t)p * columns * ys->lanes;
            if (paired && j == 0)
                nn_pair(top, row, l->stride, columns, pairs);
            if (paired)
                nn_count_row(pairs, columns, 1, 5, 1, weights, starts, l->column_starts, columns, counts);
            else
                nn_count_row(top, row, l->stride * words, l->kernel, l->kernel * words, weights, starts, l->column_starts, columns, counts);
            r.group = group;
            r.bits = bits ? nn_bits_of_row(ys, bits, p) : 0;
            r.added = added ? added + at : 0;
            r.y = y ? y + at : 0;
            if (l->bounds)
                nn_finish_signs(l, group, counts, columns, r.bits, r.words);
            else
                nn_finish_numbers(&l->numbers, &r);
        }
    }
}
