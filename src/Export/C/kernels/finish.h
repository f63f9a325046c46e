
/* Zeros for the margin of an image's bits. */
NN_FUNCTION void nn_clear_margin(const nn_shape *s, uint32_t *bits)
{
    const int32_t row = nn_row(s), side = s->margin * nn_words(s);
    int32_t p, i;
    if (side == 0)
        return;
    for (p = 0; p < s->height + 2 * s->margin; p++, bits += row) {
        const int32_t whole = p < s->margin || p >= s->height + s->margin;
        for (i = 0; i < (whole ? row : side); i++)
            bits[i] = 0;
        for (i = row - side; i < row; i++)
            bits[i] = 0;
    }
}

/* Sixteen bits of a pixel: the first half of a word is written, the second one joins it. */
NN_INLINE void nn_put_bits(uint32_t *word, int32_t group, uint32_t bits)
{
    *word = group & 1 ? *word | bits << 16 : bits;
}

/* Signs of a row's counts [columns][16]: -1 where one is at most its bound, or, flipped, where it is not. */
NN_FUNCTION void nn_finish_signs(const nn_sign_layer *l, int32_t group, const int32_t *counts, int32_t columns,
                                 uint32_t *NN_RESTRICT bits, int32_t words)
{
    const int32_t *bounds = l->bounds + (ptrdiff_t)group * NN_GROUP;
    const uint32_t flips = l->flips[group / 2] >> (group % 2 * 16) & 0xffff;
    int32_t q, i;
    bits += group / 2;
    for (q = 0; q < columns; q++, counts += NN_GROUP) {
        uint32_t mask = 0;
        for (i = 0; i < NN_GROUP; i += NN_FLOATS)
            mask |= nn_w_at_most(counts + i, bounds + i) << i;
        nn_put_bits(bits + (ptrdiff_t)q * words, group, mask ^ flips);
    }
}

/* A row of one group of channels: what it reads, adds and gives; all but one of counts and x, and of y and bits, may be null. */
typedef struct {
    const int32_t *counts; /* [columns][16] */
    const float *x, *added; /* [columns][lanes], and so y */
    float *y;
    uint32_t *bits; /* [columns][words] */
    int32_t columns, lanes, words, group;
} nn_group_row;

NN_INLINE void nn_finish_as(const nn_numbers *n, const nn_group_row *r, int counts, int activation, int norm, int added, int y, int bits)
{
    const ptrdiff_t first = (ptrdiff_t)r->group * NN_GROUP;
    ptrdiff_t q, i;
    for (q = 0; q < r->columns; q++) {
        uint32_t mask = 0;
        for (i = 0; i < NN_GROUP; i += NN_FLOATS) {
            const ptrdiff_t lane = first + i, at = q * r->lanes + lane;
            nn_f v = counts ? nn_f_scaled(r->counts + q * NN_GROUP + i, n->scale + lane) : nn_f_load(r->x + at);
            if (activation == 1)
                v = nn_f_above(v, 0);
            if (activation == 2)
                v = nn_f_below(nn_f_above(v, -1), 1);
            if (norm)
                v = nn_f_affine(nn_f_subtract(v, nn_f_load(n->mean + lane)), n->factor + lane, n->shift + lane);
            if (added)
                v = nn_f_add(v, nn_f_load(r->added + at));
            if (y)
                nn_f_store(r->y + at, v);
            if (bits)
                mask |= nn_f_negative(v) << i;
        }
        if (bits)
            nn_put_bits(r->bits + q * r->words + r->group / 2, r->group, mask);
    }
}

/* Numbers of a row: scale, activation, normalisation, sum; and their signs. The commonest forms have loops of their own. */
NN_FUNCTION void nn_finish_numbers(const nn_numbers *n, const nn_group_row *r)
{
    if (r->counts && n->activation == 1 && n->mean && r->added && r->y && r->bits)
        nn_finish_as(n, r, 1, 1, 1, 1, 1, 1);
    else if (r->counts && n->activation == 0 && n->mean && r->added && r->y && r->bits)
        nn_finish_as(n, r, 1, 0, 1, 1, 1, 1);
    else
        nn_finish_as(n, r, r->counts != 0, n->activation, n->mean != 0, r->added != 0, r->y != 0, r->bits != 0);
}

/* The same of a whole image of floats. */
NN_FUNCTION void nn_pointwise(const nn_numbers *n, const nn_shape *s, const float *x, const float *added, float *y,
                              uint32_t *bits)
{
    nn_group_row r;
    int32_t p;
    r.counts = 0;
    r.columns = s->width;
    r.lanes = s->lanes;
    r.words = nn_words(s);
    if (bits)
        nn_clear_margin(s, bits);
    for (p = 0; p < s->height; p++) {
        const ptrdiff_t row = (ptrdiff_t)p * s->width * s->lanes;
        r.x = x + row;
        r.added = added ? added + row : 0;
        r.y = y ? y + row : 0;
        r.bits = bits ? nn_bits_of_row(s, bits, p) : 0;
        for (r.group = 0; r.group < s->lanes / NN_GROUP; r.group++)
            nn_finish_numbers(n, &r);
    }
}
