// The binary weights of many layers at once, where binarize_weights.cu takes a layer a launch: the same formulas.
// sign_layers: signs = w < 0, packed as sign_pack packs them, and scale = mean |w| of the layer where it has one.
// sign_layers_gradient: dw_hat = the sum of its slices, into the first; share = sum(dw_hat * sign(w)) / count of each layer. Of a real
// layer, which has no w here, dw = the sum of its slices.
// sign_layers_backward: dw = scale * dw_hat * h(w) + sign(w) * share.
// sign_layers_sgd_step: the same, and as it goes the step that sgd_step.cu does, on these weights and on all other parameters.
// A layer has blocks of its own, side by side in the grid. Sums are in double and in a fixed order; the last block of a layer adds up its
// blocks'.
#include "bits.cuh"
#include "block_mean.cuh"
#include "for_host.cuh"
#include "grad_mode.cuh"
#include "launch_order.cuh"
#include "sgd_step.cuh"
#include "slopes.cuh"

constexpr uint32_t kBlock = 256;
constexpr uint32_t kWarps = kBlock / kBitsPerWord;
constexpr uint32_t kGradientBlocks = 3;    // of a multiprocessor: more would leave no registers for what is on its way
constexpr uint32_t kMostLayers = 32;       // of a launch
constexpr uint32_t kMostLayerBlocks = 512; // of a layer
constexpr uint32_t kMostParts = 16;        // of a block's threads, that share the slices
constexpr uint32_t kSlicesAhead = 16;      // that a thread has on their way, and as many are worth a part

FOR_HOST(sign_layers_most, kMostLayers)
FOR_HOST(sign_layers_blocks, kMostLayerBlocks)
FOR_HOST(sign_layers_parts, kMostParts)
FOR_HOST(sign_layers_ahead, kSlicesAhead)

struct SignLayer
{
    const float* w;  // [rows,channels], or null for a real layer
    uint32_t* signs; // [rows,words(channels)]
    float* scale;    // [1], or null for 1
    float* dw_hat;   // [slices,rows,channels]
    float* dw;       // [rows,channels]
    uint32_t count, channels, slices, mode, first_block, blocks;
};

struct SignLayers
{
    SignLayer layer[kMostLayers];
};

__device__ __forceinline__ uint32_t layer_of_block(const SignLayers& layers, uint32_t count)
{
    uint32_t number = 0;
    while (number + 1 < count && layers.layer[number + 1].first_block <= blockIdx.x)
        number++;
    return number;
}

// The mean of what the threads of a layer's blocks have.
__device__ __forceinline__ void layer_mean(
    const SignLayer& layer, uint32_t number, double sum, double* partial, uint32_t* tickets, float* mean)
{
    block_mean<kBlock>(sum, blockIdx.x - layer.first_block, layer.blocks, layer.count, partial + (uint64_t)number * kMostLayerBlocks,
        tickets + number, mean);
}

extern "C" __global__ void __launch_bounds__(kBlock) sign_layers(
    SignLayers layers,
    double* partial,   // [kMostLayers,kMostLayerBlocks]
    uint32_t* tickets, // [kMostLayers], 0 before and after
    uint32_t count)
{
    start_in_turn();
    constexpr uint32_t kAhead = 4;
    const uint32_t number = layer_of_block(layers, count);
    const SignLayer& layer = layers.layer[number];
    const uint32_t channels = layer.channels, words = words_of(channels), all = layer.count / channels * words;
    const uint32_t lane = threadIdx.x % kBitsPerWord, stride = layer.blocks * kWarps;
    double sum = 0.0;
    // A warp a word, a lane a channel, several words at once. What is missing is read from the layer's first weight.
    for (uint32_t first = (blockIdx.x - layer.first_block) * kWarps + threadIdx.x / kBitsPerWord; first < all; first += kAhead * stride)
    {
        float value[kAhead];
        bool inside[kAhead];
#pragma unroll
        for (uint32_t j = 0; j < kAhead; j++)
        {
            const uint32_t word = first + j * stride, channel = word % words * kBitsPerWord + lane;
            inside[j] = word < all && channel < channels;
            value[j] = layer.w[inside[j] ? word / words * channels + channel : 0u];
        }
#pragma unroll
        for (uint32_t j = 0; j < kAhead; j++)
        {
            const uint32_t packed = __ballot_sync(0xFFFFFFFFu, inside[j] && is_negative(value[j]));
            if (lane == 0 && first + j * stride < all)
                layer.signs[first + j * stride] = packed;
            sum += inside[j] ? fabsf(value[j]) : 0.0f;
        }
    }

    if (layer.scale != nullptr)
        layer_mean(layer, number, sum, partial, tickets, layer.scale);
}

extern "C" __global__ void __launch_bounds__(kBlock, kGradientBlocks) sign_layers_gradient(
    SignLayers layers,
    double* partial,   // [kMostLayers,kMostLayerBlocks]
    uint32_t* tickets, // [kMostLayers], 0 before and after
    float* shares,     // [kMostLayers], or null where the scale passes no gradient
    uint32_t count)
{
    start_in_turn();
    __shared__ float sums[kBlock];
    const uint32_t number = layer_of_block(layers, count);
    const SignLayer& layer = layers.layer[number];
    uint32_t parts = 1;
    while (parts * kSlicesAhead < layer.slices && parts < kMostParts)
        parts *= 2;
    const uint32_t width = kBlock / parts, part = threadIdx.x / width, stride = layer.blocks * width;
    const uint32_t slices = layer.slices, layer_count = layer.count;
    const float* dw_hat = layer.dw_hat;
    const bool has_share = shares != nullptr && layer.scale != nullptr;
    double share = 0.0;
    for (uint32_t first = (blockIdx.x - layer.first_block) * width; first < layer.count; first += stride)
    {
        const uint32_t i = first + threadIdx.x % width, at = i < layer.count ? i : 0u;
        const float weight = has_share ? layer.w[at] : 0.0f;
        float sum = 0.0f;
        for (uint32_t slice = part; slice < slices; slice += kSlicesAhead * parts)
        {
            // What is missing is read from the first slice, for the compiler makes loads that depend on something wait for each other.
            float value[kSlicesAhead];
#pragma unroll
            for (uint32_t j = 0; j < kSlicesAhead; j++)
                value[j] = dw_hat[(uint64_t)(slice + j * parts < slices ? slice + j * parts : 0u) * layer_count + at];
#pragma unroll
            for (uint32_t j = 0; j < kSlicesAhead; j++)
                sum += slice + j * parts < slices ? value[j] : 0.0f;
        }
        if (parts > 1)
        {
            __syncthreads();
            sums[threadIdx.x] = sum;
            __syncthreads();
            for (uint32_t other = 1; part == 0 && other < parts; other++)
                sum += sums[other * width + threadIdx.x];
        }

        if (part != 0 || i >= layer.count)
            continue;
        if (layer.w == nullptr)
            layer.dw[i] = sum;
        else if (layer.slices > 1)
            layer.dw_hat[i] = sum;
        share += is_negative(weight) ? -sum : sum;
    }

    if (has_share)
        layer_mean(layer, number, share, partial, tickets, shares + number);
}

// Gives use(i, gradient) each weight of the block's share of its layer with its gradient.
template <class Use>
__device__ __forceinline__ void pass_back(const SignLayer& layer, float share, const float* slope_parameters, uint32_t slope_kind,
    const Use& use)
{
    const float factor = layer.scale == nullptr ? 1.0f : *layer.scale;
    with_slope(slope_kind, slope_parameters, [&](const auto& slope)
    {
        for (uint32_t i = (blockIdx.x - layer.first_block) * kBlock + threadIdx.x; i < layer.count; i += layer.blocks * kBlock)
            use(i, factor * layer.dw_hat[i] * slope(layer.w[i]) + (is_negative(layer.w[i]) ? -share : share));
    });
}

__device__ __forceinline__ float share_of(const SignLayer& layer, uint32_t number, const float* shares)
{
    return shares == nullptr || layer.scale == nullptr ? 0.0f : shares[number];
}

extern "C" __global__ void __launch_bounds__(kBlock) sign_layers_backward(
    SignLayers layers,
    const float* __restrict__ shares,           // [kMostLayers], or null for 0
    const float* __restrict__ slope_parameters, // [4]
    uint32_t count, uint32_t slope_kind)
{
    start_in_turn();
    const uint32_t number = layer_of_block(layers, count);
    const SignLayer& layer = layers.layer[number];
    pass_back(layer, share_of(layer, number, shares), slope_parameters, slope_kind, [&](uint32_t i, float gradient)
    {
        put(&layer.dw[i], gradient, layer.mode);
    });
}

// The layers' blocks come first, then those of the parameters that no layer has.
extern "C" __global__ void __launch_bounds__(kBlock) sign_layers_sgd_step(
    SignLayers layers,
    const float* __restrict__ shares,           // [kMostLayers], or null for 0
    const float* __restrict__ slope_parameters, // [4]
    const float* __restrict__ knobs,            // [3]: rate, mu, decay
    const float* __restrict__ dw,               // [all]
    float* w,                                   // [all], those of the layers among them
    float* __restrict__ momentum,               // [all]
    uint32_t count, uint32_t slope_kind, uint32_t first, uint32_t all)
{
    start_in_turn();
    const SignLayer& last = layers.layer[count - 1];
    if (blockIdx.x >= last.first_block + last.blocks)
    {
        const uint32_t i = first + (blockIdx.x - last.first_block - last.blocks) * kBlock + threadIdx.x;
        if (i < all)
            sgd_update(dw[i], knobs, &w[i], &momentum[i]);
        return;
    }

    const uint32_t number = layer_of_block(layers, count);
    const SignLayer& layer = layers.layer[number];
    const uint32_t start = (uint32_t)(layer.w - w);
    pass_back(layer, share_of(layer, number, shares), slope_parameters, slope_kind, [&](uint32_t i, float gradient)
    {
        layer.dw[i] = gradient;
        sgd_update(gradient, knobs, &w[start + i], &momentum[start + i]);
    });
}
