// The first half of a binary unit forward, [binary convolution, ReLU, batch norm, shortcut], as unit_counts.cuh has it. One entry a form of
// the product.
//
// x_bits [N,H,W,words(I)], w_bits [O,K,K,words(I)] with O a multiple of 8, scale [1], counts [N,OH,OW,O]; in training sums [2,O], 0 before
// and after, ticket [1], the same, mean, inv_std, running_mean, running_variance [O]; in evaluation sums is null.
#include "launch_order.cuh"
#include "unit_counts.cuh"

constexpr uint32_t kBlock = kXnorThreads;
constexpr uint32_t kBlocks = 4; // a multiprocessor, at least

template <class Form>
__device__ __forceinline__ void convolve(const ConvGeometry& g, const UnitConv& unit, const BatchStatistics& statistics)
{
    __shared__ XnorShared shared;
    const XnorTeam team = whole_block();
    prepare_words<Form>(g, team, unit.w_bits, shared);
    CountSums own = {};
    count_tiles<Form, false>(g, team, unit, all_pixels(g), blockIdx.x, gridDim.x, shared, own);
    finish_counts<1>(g, 1, unit, own, statistics);
}

extern "C" __global__ void __launch_bounds__(kBlock, kBlocks) unit_conv_mma(const uint32_t* __restrict__ x_bits,
    const uint32_t* __restrict__ w_bits, const float* __restrict__ scale, int16_t* __restrict__ counts, uint64_t* sums, uint32_t* ticket,
    float* __restrict__ mean, float* __restrict__ inv_std, float* __restrict__ running_mean, float* __restrict__ running_variance,
    ConvGeometry g, double momentum, float epsilon)
{
    start_in_turn();
    convolve<AndForm>(g, {x_bits, w_bits, scale, counts, sums, ticket},
        {mean, inv_std, running_mean, running_variance, (double)g.n * g.oh * g.ow, momentum, epsilon});
}

extern "C" __global__ void __launch_bounds__(kBlock, kBlocks) unit_conv_mma_xor(const uint32_t* __restrict__ x_bits,
    const uint32_t* __restrict__ w_bits, const float* __restrict__ scale, int16_t* __restrict__ counts, uint64_t* sums, uint32_t* ticket,
    float* __restrict__ mean, float* __restrict__ inv_std, float* __restrict__ running_mean, float* __restrict__ running_variance,
    ConvGeometry g, double momentum, float epsilon)
{
    start_in_turn();
    convolve<XorForm>(g, {x_bits, w_bits, scale, counts, sums, ticket},
        {mean, inv_std, running_mean, running_variance, (double)g.n * g.oh * g.ow, momentum, epsilon});
}

extern "C" __global__ void __launch_bounds__(kBlock, 1) unit_conv_mma_int8(const uint32_t* __restrict__ x_bits,
    const uint32_t* __restrict__ w_bits, const float* __restrict__ scale, int16_t* __restrict__ counts, uint64_t* sums, uint32_t* ticket,
    float* __restrict__ mean, float* __restrict__ inv_std, float* __restrict__ running_mean, float* __restrict__ running_variance,
    ConvGeometry g, double momentum, float epsilon)
{
    start_in_turn();
    convolve<Int8Form>(g, {x_bits, w_bits, scale, counts, sums, ticket},
        {mean, inv_std, running_mean, running_variance, (double)g.n * g.oh * g.ow, momentum, epsilon});
}
