// conv and conv_input_grad in tf32, which the option tf32 of the device asks for: two instructions a round in place of the three of
// conv_mma.cu, and 2^-11 of a number lost in place of 2^-17. By the channels of the result that a block takes, 32 or 64.
#include "launch_order.cuh"
#include "real_conv_mma.cuh"

// In code for older GPUs addresses take more registers.
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ < 900
constexpr uint32_t kTf32Blocks = 1;
#else
constexpr uint32_t kTf32Blocks = 2;
#endif

extern "C" __global__ void __launch_bounds__(kNarrowRealThreads, kNarrowRealBlocks) conv_tf32_narrow(
    const float* __restrict__ x, const float* __restrict__ w, float* __restrict__ y, ConvGeometry g)
{
    start_in_turn();
    real_forward<InTf32, NarrowRealPixels>(x, w, y, g);
}

extern "C" __global__ void __launch_bounds__(kRealThreads, kTf32Blocks) conv_tf32_wide(
    const float* __restrict__ x, const float* __restrict__ w, float* __restrict__ y, ConvGeometry g)
{
    start_in_turn();
    real_forward<InTf32, RealPixels>(x, w, y, g);
}

extern "C" __global__ void __launch_bounds__(kNarrowRealThreads, kNarrowRealBlocks) conv_input_grad_tf32_narrow(
    const float* __restrict__ dy, const float* __restrict__ w, float* __restrict__ dx, ConvGeometry g, uint32_t mode)
{
    start_in_turn();
    real_input_grad<InTf32, NarrowRealPixels>(dy, w, dx, g, mode);
}

extern "C" __global__ void __launch_bounds__(kRealThreads, kTf32Blocks) conv_input_grad_tf32_wide(
    const float* __restrict__ dy, const float* __restrict__ w, float* __restrict__ dx, ConvGeometry g, uint32_t mode)
{
    start_in_turn();
    real_input_grad<InTf32, RealPixels>(dy, w, dx, g, mode);
}
