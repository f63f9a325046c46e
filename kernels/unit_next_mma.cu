// The second half of one binary unit forward, or of a batch norm, as norm_apply.cuh has it, then the first half of the next unit, as
// unit_counts.cuh has it, which takes the signs: a block has whole images, so it waits for no other. One launch less, and signs that were
// just written. For up to 64 filters, which a block takes at once. One entry a form of the product.
//
// applied: what makes x [N,H,W,I] and its signs; the rest as in unit_conv_mma.cu. images: how many a block has.
#include "launch_order.cuh"
#include "norm_apply.cuh"
#include "unit_counts.cuh"

constexpr uint32_t kBlock = kApplyBlock;
constexpr uint32_t kTeams = 2;
// Half as many threads as unit_apply has on a multiprocessor: each has more rows on their way, as registers allow.
constexpr uint32_t kRowsAtOnce = 4, kRowsAtOnceOfXor = 2;
constexpr uint32_t kMostFilters = kTeams * kFilters;

static_assert(kBlock == kTeams * kXnorThreads, "both halves have the same threads");

FOR_HOST(next_most_filters, kMostFilters)
FOR_HOST(next_most_words, kRoundsAtOnce * kMmaSteps)

// counts or, where they are null, x of the batch norm; both [N,H,W,I]. Where y is null nobody reads it.
struct AppliedUnit
{
    const int16_t* counts;
    const float* x;
    const float* scale;     // [1], of the counts
    const float* gamma;     // [I] or null
    const float* beta;      // [I] or null
    const float* mean;      // [I]
    const float* deviation; // [I]: 1 / deviation, or in evaluation the variance
    float* y;               // [N,H,W,I]
    uint32_t* y_bits;       // [N,H,W,words(I)]
    NormShortcut shortcut;
    uint32_t rectify, evaluate;
    float epsilon;
};

template <uint32_t kRows, class Values>
__device__ __forceinline__ void apply_images(
    const ConvGeometry& g, const AppliedUnit& unit, const Values& values, uint32_t image, uint32_t end)
{
    const AppliedNorm norm = {unit.gamma, unit.beta, unit.mean, unit.deviation, unit.evaluate, unit.epsilon};
    const uint32_t pixels = g.h * g.w;
    apply_norm<kRows>(values, norm, unit.shortcut, unit.y, unit.y_bits,
        {image * pixels, kApplyBlock / (g.i / kQuad), end * pixels}, g.i);
}

template <class Form, uint32_t kRows>
__device__ __forceinline__ void apply_and_convolve(
    const ConvGeometry& g, const AppliedUnit& applied, const UnitConv& unit, uint32_t images, const BatchStatistics& statistics)
{
    __shared__ XnorShared shared[kTeams];
    // Both teams have all filters, and tiles in turn, or half of the filters each.
    const uint32_t number = threadIdx.x / kXnorThreads, groups = g.o > kFilters ? kTeams : 1;
    const XnorTeam team = {threadIdx.x % kXnorThreads, groups == 1 ? 0 : number};
    prepare_words<Form>(g, team, unit.w_bits, shared[number]);
    const uint32_t image = blockIdx.x * images, end = min(image + images, g.n), pixels = g.oh * g.ow;
    if (applied.counts != nullptr)
        apply_images<kRows>(g, applied, CountValues{applied.counts, *applied.scale}, image, end);
    else
        apply_images<kRows>(g, applied, RealValues{applied.x, applied.rectify}, image, end);
    __syncthreads(); // the signs are written
    CountSums own = {};
    count_tiles<Form, true>(g, team, unit, {image * pixels, end * pixels}, groups == 1 ? number : 0, kTeams / groups, shared[number], own);
    finish_counts<kTeams>(g, groups, unit, own, statistics);
}

extern "C" __global__ void __launch_bounds__(kBlock, 2) unit_next_mma(AppliedUnit applied,
    const uint32_t* __restrict__ w_bits, const float* __restrict__ scale, int16_t* __restrict__ counts, uint64_t* sums, uint32_t* ticket,
    float* __restrict__ mean, float* __restrict__ inv_std, float* __restrict__ running_mean, float* __restrict__ running_variance,
    ConvGeometry g, uint32_t images, double momentum, float epsilon)
{
    start_in_turn();
    apply_and_convolve<AndForm, kRowsAtOnce>(g, applied, {applied.y_bits, w_bits, scale, counts, sums, ticket}, images,
        {mean, inv_std, running_mean, running_variance, (double)g.n * g.oh * g.ow, momentum, epsilon});
}

extern "C" __global__ void __launch_bounds__(kBlock, 2) unit_next_mma_xor(AppliedUnit applied,
    const uint32_t* __restrict__ w_bits, const float* __restrict__ scale, int16_t* __restrict__ counts, uint64_t* sums, uint32_t* ticket,
    float* __restrict__ mean, float* __restrict__ inv_std, float* __restrict__ running_mean, float* __restrict__ running_variance,
    ConvGeometry g, uint32_t images, double momentum, float epsilon)
{
    start_in_turn();
    apply_and_convolve<XorForm, kRowsAtOnceOfXor>(g, applied, {applied.y_bits, w_bits, scale, counts, sums, ticket}, images,
        {mean, inv_std, running_mean, running_variance, (double)g.n * g.oh * g.ow, momentum, epsilon});
}

extern "C" __global__ void __launch_bounds__(kBlock, 1) unit_next_mma_int8(AppliedUnit applied,
    const uint32_t* __restrict__ w_bits, const float* __restrict__ scale, int16_t* __restrict__ counts, uint64_t* sums, uint32_t* ticket,
    float* __restrict__ mean, float* __restrict__ inv_std, float* __restrict__ running_mean, float* __restrict__ running_variance,
    ConvGeometry g, uint32_t images, double momentum, float epsilon)
{
    start_in_turn();
    apply_and_convolve<Int8Form, kRowsAtOnce>(g, applied, {applied.y_bits, w_bits, scale, counts, sums, ticket}, images,
        {mean, inv_std, running_mean, running_variance, (double)g.n * g.oh * g.ow, momentum, epsilon});
}
