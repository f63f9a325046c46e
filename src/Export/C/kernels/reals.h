
/* The image: byte times scale, rounded, plus shift, rounded. */
NN_FUNCTION void nn_image(const nn_shape *s, const unsigned char *image, const float *scale, const float *shift, float *NN_RESTRICT y)
{
    const ptrdiff_t pixels = (ptrdiff_t)s->height * s->width;
    ptrdiff_t i;
    int32_t c;
    for (i = 0; i < pixels; i++, image += s->channels, y += s->lanes) {
        for (c = 0; c < s->channels; c++) {
            const float product = (float)((double)image[c] * (double)scale[c]);
            y[c] = (float)((double)product + (double)shift[c]);
        }
        for (; c < s->lanes; c++)
            y[c] = 0;
    }
}

/* A row of floats as doubles, channels close together, with zeros for the padding on either side; all zeros outside the image. */
NN_FUNCTION void nn_widen(const nn_shape *s, const float *x, int32_t p, int32_t padding, double *NN_RESTRICT y)
{
    const int32_t side = padding * s->channels, row = s->width * s->channels;
    int32_t q, i;
    for (i = 0; i < side; i++)
        y[i] = y[i + side + row] = 0;
    y += side;
    if (p < 0 || p >= s->height) {
        for (i = 0; i < row; i++)
            y[i] = 0;
        return;
    }
    x += (ptrdiff_t)p * s->width * s->lanes;
    if (s->lanes == s->channels) {
        for (i = 0; i < row; i++)
            y[i] = (double)x[i];
        return;
    }
    for (q = 0; q < s->width; q++, x += s->lanes, y += s->channels)
        for (i = 0; i < s->channels; i++)
            y[i] = (double)x[i];
}

#define NN_SUM(j) sum##j = nn_d_add_product(sum##j, k, x[at##j + i])
#define NN_PUT(j) nn_d_store(y + q##j * lanes + lane, sum##j)

/* Eight pixels at a time, in NN_DOUBLES outputs each: sums of a row for sixteen outputs. ring: its input rows, one after the other. */
NN_FUNCTION void nn_real_row(const double *ring, int32_t slots, int32_t first, ptrdiff_t row, int32_t taps, ptrdiff_t step,
                             const float *weights, ptrdiff_t columns, float *NN_RESTRICT y, ptrdiff_t lanes)
{
    ptrdiff_t q0, lane;
    int32_t a, i;
    for (q0 = 0; q0 < columns; q0 += 8) {
        const ptrdiff_t last = columns - 1, q1 = q0 + 1 < last ? q0 + 1 : last, q2 = q0 + 2 < last ? q0 + 2 : last;
        const ptrdiff_t q3 = q0 + 3 < last ? q0 + 3 : last, q4 = q0 + 4 < last ? q0 + 4 : last, q5 = q0 + 5 < last ? q0 + 5 : last;
        const ptrdiff_t q6 = q0 + 6 < last ? q0 + 6 : last, q7 = q0 + 7 < last ? q0 + 7 : last;
        const ptrdiff_t at0 = q0 * step, at1 = q1 * step, at2 = q2 * step, at3 = q3 * step;
        const ptrdiff_t at4 = q4 * step, at5 = q5 * step, at6 = q6 * step, at7 = q7 * step;
        for (lane = 0; lane < NN_GROUP; lane += NN_DOUBLES) {
            const float *w = weights + lane;
            const nn_d zero = nn_d_zero();
            nn_d sum0 = zero, sum1 = zero, sum2 = zero, sum3 = zero, sum4 = zero, sum5 = zero, sum6 = zero, sum7 = zero;
            for (a = 0; a < slots; a++) {
                const double *x = ring + (first + a) % slots * row;
                for (i = 0; i < taps; i++, w += NN_GROUP) {
                    const nn_d k = nn_d_load(w);
                    NN_SUM(0), NN_SUM(1), NN_SUM(2), NN_SUM(3), NN_SUM(4), NN_SUM(5), NN_SUM(6), NN_SUM(7);
                }
            }
            NN_PUT(0), NN_PUT(1), NN_PUT(2), NN_PUT(3), NN_PUT(4), NN_PUT(5), NN_PUT(6), NN_PUT(7);
        }
    }
}

/*
 * Convolution of reals: products and sums in double, taps in the order row, column, channel, rounded once. A tap in the padding adds
 * zero, which changes no sum. scratch: [kernel][width + 2 padding][input channels].
 */
NN_FUNCTION void nn_real_conv(const nn_real_layer *l, const nn_shape *xs, const float *x, const nn_shape *ys, float *y, void *scratch)
{
    const ptrdiff_t row = (ptrdiff_t)(xs->width + 2 * l->padding) * xs->channels;
    const int32_t taps = l->kernel * xs->channels, groups = ys->lanes / NN_GROUP;
    double *ring = (double *)scratch;
    int32_t p, group, next = 0;
    for (p = 0; p < ys->height; p++, y += (ptrdiff_t)ys->width * ys->lanes) {
        const int32_t top = p * l->stride;
        for (next = next < top ? top : next; next < top + l->kernel; next++)
            nn_widen(xs, x, next - l->padding, l->padding, ring + next % l->kernel * row);
        for (group = 0; group < groups; group++)
            nn_real_row(ring, l->kernel, top % l->kernel, row, taps, (ptrdiff_t)l->stride * xs->channels,
                        l->weights + (ptrdiff_t)group * l->kernel * taps * NN_GROUP, ys->width, y + group * NN_GROUP, ys->lanes);
    }
}

/* Linear layer: products and sums in double in the order of the inputs, the bias last. weights: [outputs / 8][inputs][8 or the rest]. */
NN_FUNCTION void nn_linear(int32_t inputs, int32_t outputs, const float *x, const float *weights, const float *bias, const nn_shape *ys,
                           float *NN_RESTRICT y)
{
    int32_t o, i, j;
    for (o = 0; o < outputs; o += 8) {
        const int32_t some = nn_least(8, outputs - o);
        double sums[8] = {0, 0, 0, 0, 0, 0, 0, 0};
        if (some == 8) {
            for (i = 0; i < inputs; i++, weights += 8)
                for (j = 0; j < 8; j++)
                    sums[j] += (double)x[i] * (double)weights[j];
        } else {
            for (i = 0; i < inputs; i++, weights += some)
                for (j = 0; j < some; j++)
                    sums[j] += (double)x[i] * (double)weights[j];
        }
        for (j = 0; j < some; j++)
            y[o + j] = (float)(sums[j] + (double)bias[o + j]);
    }
    for (o = outputs; o < ys->lanes; o++)
        y[o] = 0;
}
