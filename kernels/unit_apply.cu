// The second half of a binary unit forward: batch norm of the counts that unit_conv_mma left, as norm_apply.cuh has it.
#include "launch_order.cuh"
#include "norm_apply.cuh"

constexpr uint32_t kBlock = kApplyBlock;

extern "C" __global__ void __launch_bounds__(kBlock) unit_apply(
    const int16_t* __restrict__ counts,  // [R,C]
    const float* __restrict__ scale,     // [1]
    const float* __restrict__ gamma,     // [C] or null
    const float* __restrict__ beta,      // [C] or null
    const float* __restrict__ mean,      // [C]
    const float* __restrict__ deviation, // [C]: 1 / deviation, or in evaluation the variance
    float* __restrict__ y,               // [R,C], or null where its signs are all that is wanted
    uint32_t* __restrict__ y_bits,       // [R,words(C)]
    NormShortcut shortcut, uint32_t rows, uint32_t channels, uint32_t evaluate, float epsilon)
{
    start_in_turn();
    apply_norm(CountValues{counts, *scale}, {gamma, beta, mean, deviation, evaluate, epsilon}, shortcut, y, y_bits, rows, channels);
}
