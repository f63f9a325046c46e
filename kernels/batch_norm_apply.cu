// The last pass of batch norm forward of real numbers, as norm_apply.cuh has it: what batch_norm_normalise and batch_norm_evaluate compute,
// and the signs of it, as sign_pack packs them. Same bits.
#include "launch_order.cuh"
#include "norm_apply.cuh"

constexpr uint32_t kBlock = kApplyBlock;

extern "C" __global__ void __launch_bounds__(kBlock) batch_norm_apply(
    const float* __restrict__ x,         // [R,C]
    const float* __restrict__ gamma,     // [C] or null
    const float* __restrict__ beta,      // [C] or null
    const float* __restrict__ mean,      // [C]
    const float* __restrict__ deviation, // [C]: 1 / deviation, or in evaluation the variance
    float* __restrict__ y,               // [R,C]
    uint32_t* __restrict__ y_bits,       // [R,words(C)], or null
    NormShortcut shortcut, uint32_t rows, uint32_t channels, uint32_t rectify, uint32_t evaluate, float epsilon)
{
    start_in_turn();
    apply_norm(RealValues{x, rectify}, {gamma, beta, mean, deviation, evaluate, epsilon}, shortcut, y, y_bits, rows, channels);
}
