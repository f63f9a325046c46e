// The input gradient of a binary convolution on tensor cores: row = channel of x, column = input pixel, depth = (16 channels of dy, tap).
// dy is real: each number becomes two of bf16, which carry 16 bits of it, and so two products; a sign is exact. A block keeps the halo of
// its pixels in shared memory, 16 channels of dy at a time, and reads it through every tap.
//
// With stride s only each s-th tap reads a pixel, and which depends on the pixel's row and column modulo s. So pixels are taken by these
// remainders, a phase at a time: within a phase the convolution has stride 1.
#pragma once
#include "bits.cuh"
#include "conv_geometry.cuh"
#include "grad_mode.cuh"
#include "mma.cuh"
#include "pixel_tile.cuh"
#include "previous_unit.cuh"
#include "sign_parts.cuh"
#include "slopes.cuh"
#include "unit_gradient.cuh"

constexpr uint32_t kMostInputHalo = 288;  // pixels: eight images of 4 x 4 with those around them
constexpr uint32_t kDepthChannels = 16;   // of dy a round
constexpr uint32_t kMostTaps = 25, kMostColumnWords = 2;
constexpr uint32_t kWarpPixels = 32;
constexpr uint32_t kPixelTiles = kWarpPixels / kMmaColumns;

FOR_HOST(most_input_halo, kMostInputHalo)
FOR_HOST(most_taps, kMostTaps)

// How a block is divided: a warp takes 32 pixels and 16 or 32 channels of x.
template <uint32_t kWidthOf>
struct InputGradTile
{
    static constexpr uint32_t kWidth = kWidthOf, kWarpChannels = kWidth < 32 ? kWidth : 32, kChannelTiles = kWarpChannels / kMmaRows;
    static constexpr uint32_t kPixelWarps = kTilePixels / kWarpPixels, kThreads = 32 * kPixelWarps * (kWidth / kWarpChannels);

    static __device__ __forceinline__ uint32_t pixel() { return threadIdx.x / 32 % kPixelWarps * kWarpPixels; }
    static __device__ __forceinline__ uint32_t channel() { return threadIdx.x / 32 / kPixelWarps * kWarpChannels; }
};

constexpr uint32_t kInputGradThreads = 128;
constexpr uint32_t kWideInputGradThreads = 256;

// Blocks that a multiprocessor is to have room for: in code for older GPUs addresses take more registers.
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ < 900
constexpr uint32_t kInputGradBlocks = 3, kWideInputGradBlocks = 1;
#else
constexpr uint32_t kInputGradBlocks = 4, kWideInputGradBlocks = 2;
#endif

static_assert(kInputGradThreads == InputGradTile<16>::kThreads && kInputGradThreads == InputGradTile<32>::kThreads
    && kWideInputGradThreads == InputGradTile<64>::kThreads, "a warp for 32 pixels and channels");

// One axis of a phase: pixel r' of it is pixel stride r' + phase of x, and reads dy at r' + reach - j through its tap first + stride j.
struct PhaseAxis
{
    uint32_t phase, pixels, first, taps, reach;
};

__device__ __forceinline__ PhaseAxis phase_axis(const ConvGeometry& g, uint32_t phase, uint32_t size)
{
    if (g.stride == 1)
        return {0, size, 0, g.k, g.padding};
    const uint32_t first = (phase + g.padding) % g.stride;
    return {phase, size > phase ? (size - phase + g.stride - 1) / g.stride : 0, first,
        first < g.k ? (g.k - first + g.stride - 1) / g.stride : 0, (phase + g.padding - first) / g.stride};
}

// What a block has of dy and of the signs, a round of channels at a time.
struct InputGradShared
{
    uint4 dy[kMostInputHalo][kDepthChannels / 4];                     // two parts of four channels
    uint32_t signs[kMostTaps][kMostColumnWords][kDepthChannels];      // of w
    uint32_t source[kMostInputHalo];                                  // the halo's pixels in dy
    uint32_t tap[kMostTaps];                                          // the phase's taps among all
};

// What else a block makes of the dy in shared memory, for each tile: here nothing. unit_gradients_mma.cu finds the weights' gradient.
struct NothingElse
{
    __device__ __forceinline__ void copy(const uint32_t*, uint32_t) {}
    __device__ __forceinline__ void finish(const uint32_t*, uint32_t) {}
    __device__ __forceinline__ void multiply(const Halo&, const InputGradShared&) {}
};

template <class Tile>
struct InputGradSums
{
    float value[Tile::kChannelTiles][kPixelTiles][kRegistersD];
};

struct InputGradPlace
{
    PhaseAxis rows, columns;
    TilePixel first;
    Halo halo;
};

__device__ __forceinline__ InputGradPlace input_grad_place(const ConvGeometry& g, const PixelTile& tile, uint32_t number)
{
    const PhaseAxis rows = phase_axis(g, blockIdx.z / g.stride, g.h), columns = phase_axis(g, blockIdx.z % g.stride, g.w);
    return {rows, columns, first_of_tile(tile, number), {rows_of(tile) + rows.taps - 1, columns_of(tile) + columns.taps - 1}};
}

template <class Tile>
__device__ __forceinline__ void list_halo(
    const ConvGeometry& g, const PixelTile& tile, const InputGradPlace& place, InputGradShared& shared)
{
    const QuickHalo halo(place.halo);
    for (uint32_t at = threadIdx.x; at < place.halo.count(tile); at += Tile::kThreads)
    {
        const TilePixel pixel = halo.pixel(at);
        const uint32_t image = place.first.image + pixel.image;
        // Below zero wraps, and is then past the end.
        const uint32_t row = place.first.row + pixel.row + place.rows.reach + 1 - place.rows.taps;
        const uint32_t column = place.first.column + pixel.column + place.columns.reach + 1 - place.columns.taps;
        shared.source[at] = image < g.n && row < g.oh && column < g.ow ? (image * g.oh + row) * g.ow + column : kAbsent;
    }

    if (threadIdx.x < place.rows.taps * place.columns.taps)
        shared.tap[threadIdx.x] = (place.rows.first + g.stride * (threadIdx.x / place.columns.taps)) * g.k + place.columns.first
            + g.stride * (threadIdx.x % place.columns.taps);
}

// What is copied of a gradient beside dy itself.
template <class Gradient>
struct InputGradBeside
{
    typename Gradient::Beside of[kMostInputHalo][kDepthChannels / kQuad];
};

// A thread has the same four channels of every pixel it loads: it copies them where their parts will lie, and makes these of them once all
// are there.
template <class Tile>
struct HaloQuads
{
    static constexpr uint32_t kQuads = kDepthChannels / kQuad, kStep = Tile::kThreads / kQuads;
    static_assert(Tile::kThreads % kQuads == 0, "a thread keeps its channels");

    static __device__ __forceinline__ uint32_t quad() { return threadIdx.x % kQuads; }
    static __device__ __forceinline__ uint32_t pixel() { return threadIdx.x / kQuads; }
};

template <class Tile, class Gradient>
__device__ __forceinline__ void copy_halo(const ConvGeometry& g, const Gradient& gradient, uint32_t count, uint32_t channel,
    InputGradShared& shared, InputGradBeside<Gradient>& beside)
{
    using Own = HaloQuads<Tile>;
    const uint32_t first = channel + kQuad * Own::quad();
#pragma unroll 2
    for (uint32_t pixel = Own::pixel(); pixel < count; pixel += Own::kStep)
    {
        // In any case, from the first pixel where there is none.
        const uint32_t source = shared.source[pixel];
        gradient.copy((source == kAbsent ? 0u : source * g.o) + first, &shared.dy[pixel][Own::quad()], &beside.of[pixel][Own::quad()]);
    }
}

template <class Tile, class Gradient>
__device__ __forceinline__ void split_halo(
    const Gradient& gradient, uint32_t count, uint32_t channel, InputGradShared& shared, const InputGradBeside<Gradient>& beside)
{
    using Own = HaloQuads<Tile>;
    const uint32_t first = channel + kQuad * Own::quad();
    const typename Gradient::Channel channels[kQuad] = {
        gradient.channel(first), gradient.channel(first + 1), gradient.channel(first + 2), gradient.channel(first + 3)};
    finish_copies();
    for (uint32_t pixel = Own::pixel(); pixel < count; pixel += Own::kStep)
    {
        uint4* place = &shared.dy[pixel][Own::quad()];
        const Quad v = gradient.quad_of(Gradient::copied(place, &beside.of[pixel][Own::quad()]), channels);
        const uint4 parts = bf16_parts(v.value[0], v.value[1], v.value[2], v.value[3]);
        *place = shared.source[pixel] == kAbsent ? make_uint4(0, 0, 0, 0) : parts;
    }
}

template <class Tile>
__device__ __forceinline__ void copy_signs(const ConvGeometry& g, const uint32_t* w_bits, uint32_t taps, uint32_t channel,
    InputGradShared& shared)
{
    const uint32_t words = words_of(g.i), first_word = blockIdx.y * Tile::kWidth / kBitsPerWord;
    constexpr uint32_t kWords = Tile::kWidth <= kBitsPerWord ? 1 : kMostColumnWords;
    for (uint32_t at = threadIdx.x; at < taps * kWords * kDepthChannels; at += Tile::kThreads)
    {
        const uint32_t o = at % kDepthChannels, word = at / kDepthChannels % kWords, tap = at / kDepthChannels / kWords;
        uint32_t* to = &shared.signs[tap][word][o];
        if (first_word + word < words)
            copy_async<4>(to, w_bits + ((uint64_t)((channel + o) * g.k * g.k + shared.tap[tap]) * words + first_word + word));
        else
            *to = 0u;
    }
}

// The products of one tap: signs of the warp's channels with its 32 pixels at their places in the halo.
template <class Tile>
__device__ __forceinline__ void multiply_tap(const InputGradShared& shared, const uint32_t (&at)[kPixelTiles], uint32_t back, uint32_t tap,
    InputGradSums<Tile>& sums)
{
    const uint32_t step = lane_step(), group = lane_group();
    const uint32_t first_half = Tile::channel() / 16;
    uint32_t high[kPixelTiles][kRegistersB], low[kPixelTiles][kRegistersB];
#pragma unroll
    for (uint32_t p = 0; p < kPixelTiles; p++)
    {
        const uint4 parts = shared.dy[at[p] - back][step];
        high[p][0] = parts.x;
        high[p][1] = parts.y;
        low[p][0] = parts.z;
        low[p][1] = parts.w;
    }

    const uint4 w = *reinterpret_cast<const uint4*>(&shared.signs[tap][first_half / 2][4 * step]);
#pragma unroll
    for (uint32_t c = 0; c < Tile::kChannelTiles; c++)
    {
        const uint32_t first = side_by_side(w.x, w.y, c), second = side_by_side(w.z, w.w, c);
        const uint32_t a[kRegistersA] = {
            signs_at(first, group), signs_at(first, 8 + group), signs_at(second, group), signs_at(second, 8 + group)};
#pragma unroll
        for (uint32_t p = 0; p < kPixelTiles; p++)
        {
            mma_bf16(sums.value[c][p], a, high[p]);
            mma_bf16(sums.value[c][p], a, low[p]);
        }
    }
}

// All sums of the warp. Those of a round are added to the total in single precision: what tensor cores add to, they cut off instead of
// rounding, which over thousands of products would show.
template <class Tile, class Gradient, class Also>
__device__ __forceinline__ void input_grad_sums(const ConvGeometry& g, const PixelTile& tile, const InputGradPlace& place,
    const Gradient& gradient, const uint32_t* w_bits, InputGradShared& shared, InputGradBeside<Gradient>& beside,
    InputGradSums<Tile>& total, Also& also)
{
    uint32_t at[kPixelTiles];
#pragma unroll
    for (uint32_t p = 0; p < kPixelTiles; p++)
    {
        const TilePixel pixel = pixel_of_tile(tile, Tile::pixel() + p * kMmaColumns + lane_group());
        at[p] = place.halo.index(pixel.image, pixel.row + place.rows.taps - 1, pixel.column + place.columns.taps - 1);
    }

    total = {};
    for (uint32_t channel = 0; channel < g.o; channel += kDepthChannels)
    {
        __syncthreads();
        copy_halo<Tile>(g, gradient, place.halo.count(tile), channel, shared, beside);
        copy_signs<Tile>(g, w_bits, place.rows.taps * place.columns.taps, channel, shared);
        also.copy(shared.source, place.halo.count(tile));
        split_halo<Tile>(gradient, place.halo.count(tile), channel, shared, beside);
        also.finish(shared.source, place.halo.count(tile));
        __syncthreads();
        also.multiply(place.halo, shared);
        InputGradSums<Tile> sums = {};
        // Not unrolled: most rows have three taps, so of four at a time the compiler would run the remainder alone.
        for (uint32_t a = 0, tap = 0; a < place.rows.taps; a++)
#pragma unroll 1
            for (uint32_t b = 0; b < place.columns.taps; b++, tap++)
                multiply_tap<Tile>(shared, at, a * place.halo.columns + b, tap, sums);
#pragma unroll
        for (uint32_t c = 0; c < Tile::kChannelTiles; c++)
#pragma unroll
            for (uint32_t p = 0; p < kPixelTiles; p++)
#pragma unroll
                for (uint32_t r = 0; r < kRegistersD; r++)
                    total.value[c][p][r] += sums.value[c][p][r];
    }
}

// Sums on their way to memory, in place of the dy that they were made of: a lane has two channels of some pixels, and takes four channels
// of others, which lie side by side in memory. Rows are longer than their channels, so that no two lanes write to one bank.
template <class Tile>
struct StagedSums
{
    static constexpr uint32_t kStride = Tile::kWidth + kQuad, kPixels = Tile::kWidth < 64 ? kTilePixels : kTilePixels / 2;
    static constexpr uint32_t kPasses = kTilePixels / kPixels;
    static_assert(sizeof(InputGradShared::dy) >= kPixels * kStride * sizeof(float), "they fit");

    float* value;

    __device__ __forceinline__ explicit StagedSums(InputGradShared& shared) : value(reinterpret_cast<float*>(shared.dy)) {}

    // What this warp has, where the pass is for its pixels.
    __device__ __forceinline__ void give(const InputGradSums<Tile>& sums, uint32_t pass) const
    {
        const uint32_t pixel = Tile::pixel() - pass * kPixels;
        if (pixel >= kPixels)
            return;
        float* own = value + (pixel + 2 * lane_step()) * kStride + Tile::channel() + lane_group();
#pragma unroll
        for (uint32_t c = 0; c < Tile::kChannelTiles; c++)
#pragma unroll
            for (uint32_t p = 0; p < kPixelTiles; p++)
#pragma unroll
                for (uint32_t r = 0; r < kRegistersD; r++)
                    own[(p * kMmaColumns + r % 2) * kStride + c * kMmaRows + r / 2 * 8] = sums.value[c][p][r];
    }

    __device__ __forceinline__ Quad take(uint32_t pixel, uint32_t quad) const { return read_quad(value + pixel * kStride + kQuad * quad); }
};

// The four channels of a thread, the same for every tile, and its pixels. Where sums wait in registers for another pass, fewer at once.
template <class Tile>
struct ResultQuads
{
    static constexpr uint32_t kQuads = Tile::kWidth / kQuad, kStep = Tile::kThreads / kQuads;
    static constexpr uint32_t kOfPass = StagedSums<Tile>::kPixels / kStep, kAtOnce = StagedSums<Tile>::kPasses == 1 ? 4 : 2;
    static_assert(kOfPass % kAtOnce == 0, "all of a pass, some at a time");

    static __device__ __forceinline__ uint32_t quad() { return threadIdx.x % kQuads; }
    static __device__ __forceinline__ uint32_t pixel() { return threadIdx.x / kQuads; }
    static __device__ __forceinline__ uint32_t channel() { return blockIdx.y * Tile::kWidth + kQuad * quad(); }
};

struct InputPixel
{
    uint32_t image, row, column;
    bool exists;
};

// The pixel r of the tile, in x.
__device__ __forceinline__ InputPixel result_pixel(const ConvGeometry& g, const PixelTile& tile, const InputGradPlace& place, uint32_t r)
{
    const TilePixel pixel = pixel_of_tile(tile, r);
    const uint32_t image = place.first.image + pixel.image;
    const uint32_t row = place.first.row + pixel.row, column = place.first.column + pixel.column;
    return {image, row * g.stride + place.rows.phase, column * g.stride + place.columns.phase,
        image < g.n && row < place.rows.pixels && column < place.columns.pixels};
}

// The sums of dx and of dx (z - mean) of the unit before: a warp has a place of its own for each channel.
template <class Tile>
struct PreviousSums
{
    double of_warp[Tile::kThreads / 32][2][Tile::kWidth];
};

struct ChannelSums
{
    float value[2][kQuad];
};

// Adds up the lanes of a warp that have the same channels.
template <class Tile>
__device__ __forceinline__ void add_to_warp(const ChannelSums& sums, PreviousSums<Tile>& shared)
{
    constexpr uint32_t kQuads = ResultQuads<Tile>::kQuads;
#pragma unroll
    for (uint32_t s = 0; s < 2; s++)
#pragma unroll
        for (uint32_t i = 0; i < kQuad; i++)
        {
            double sum = sums.value[s][i];
#pragma unroll
            for (uint32_t other = kQuads; other < 32; other *= 2)
                sum += __shfl_xor_sync(0xFFFFFFFFu, sum, other);
            if (threadIdx.x % 32 < kQuads)
                shared.of_warp[threadIdx.x / 32][s][kQuad * ResultQuads<Tile>::quad() + i] += sum;
        }
}

template <class Tile>
__device__ __forceinline__ void clear(PreviousSums<Tile>& shared)
{
    for (uint32_t at = threadIdx.x % 32; at < 2 * Tile::kWidth; at += 32)
        shared.of_warp[threadIdx.x / 32][at / Tile::kWidth][at % Tile::kWidth] = 0.0;
    __syncthreads();
}

// The block's sums to memory; the last blocks finish those of all.
template <class Tile>
__device__ __forceinline__ void give_sums(const ConvGeometry& g, const PreviousUnit& previous, const PreviousSums<Tile>& shared)
{
    __syncthreads();
    const uint32_t which = threadIdx.x / Tile::kWidth, channel = threadIdx.x % Tile::kWidth, first = blockIdx.y * Tile::kWidth;
    const uint32_t block = blockIdx.z * gridDim.x + blockIdx.x;
    if (which < 2 && first + channel < g.i)
    {
        double sum = 0.0;
        for (uint32_t warp = 0; warp < Tile::kThreads / 32; warp++)
            sum += shared.of_warp[warp][which][channel];
        previous.partial[((uint64_t)block * 2 + which) * g.i + first + channel] = sum;
    }

    finish_gradient_sums<Tile::kThreads>({previous.partial, previous.tickets, previous.inv_std, previous.dgamma, previous.dbeta, g.i},
        block, gridDim.x * gridDim.z, first, Tile::kWidth);
}

// The gradient of x as a shortcut, which dx gets added here: of an option A one (shortcut_pad.cu), or, where channels is 0, of x as it
// stands; dy null for none.
struct PaddedGradient
{
    const float* dy;   // [N,ceil(H/2),ceil(W/2),channels], or [N,H,W,I]
    uint32_t channels;
};

// What becomes of a tile's sums.
struct InputGradResult
{
    const float* scale;            // [1], or null for 1
    const float* x;                // [N,H,W,I], or null where the unit before is known
    const float* slope_parameters; // [4]
    float* dx;                     // [N,H,W,I]
    uint32_t slope_kind, mode;
    PaddedGradient padded = {nullptr, 0};
};

// The shortcut's gradient for a pixel's four channels, 0 where it has none: read in any case, from the first pixel then. Channels on both
// sides are a multiple of 8.
__device__ __forceinline__ Quad read_padded(const ConvGeometry& g, const PaddedGradient& padded, const InputPixel& pixel, uint32_t channel)
{
    const bool has = pixel.exists && pixel.row % 2 == 0 && pixel.column % 2 == 0;
    const uint32_t from = (pixel.image * ((g.h + 1) / 2) + pixel.row / 2) * ((g.w + 1) / 2) + pixel.column / 2;
    Quad result = read_quad(padded.dy + (has ? from * padded.channels : 0u) + (padded.channels - g.i) / 2 + channel);
#pragma unroll
    for (uint32_t i = 0; i < kQuad; i++)
        result.value[i] = has ? result.value[i] : 0.0f;
    return result;
}

// Results with the estimator's slope at x: dx = h(x) * scale * sum, written or added. All that is read for some of them is on its way
// before the first slope is computed, from the first element where there is none.
template <class Tile, class Previous>
__device__ __forceinline__ void store_results(const ConvGeometry& g, const PixelTile& tile, const InputGradPlace& of_tile,
    const InputGradResult& result, const StagedSums<Tile>& sums, uint32_t pass, const Previous& previous,
    const PreviousChannel (&channels)[kQuad], float layer, ChannelSums& of_unit)
{
    using Own = ResultQuads<Tile>;
    const uint32_t channel = Own::channel();
    const float factor = result.scale == nullptr ? 1.0f : *result.scale;
    const bool adds = result.mode == kGradAdd || result.padded.dy != nullptr, is_padded = result.padded.channels != 0;
    const float* added = result.mode == kGradAdd ? result.dx : is_padded ? nullptr : result.padded.dy;
    with_slope(result.slope_kind, result.slope_parameters, [&](const auto& slope)
    {
#pragma unroll 1
        for (uint32_t start = 0; start < Own::kOfPass; start += Own::kAtOnce)
        {
            InputPixel pixel[Own::kAtOnce];
            uint32_t place[Own::kAtOnce];
            Quad at[Own::kAtOnce] = {}, before[Own::kAtOnce] = {};
            Counts n[Own::kAtOnce] = {};
            // One question at a time for all of them: between two loads no branch.
            const auto for_all = [&](const auto& use)
            {
#pragma unroll
                for (uint32_t p = 0; p < Own::kAtOnce; p++)
                    use(p, place[p] == kAbsent ? channel : place[p]);
            };
#pragma unroll
            for (uint32_t p = 0; p < Own::kAtOnce; p++)
            {
                pixel[p] = result_pixel(g, tile, of_tile, pass * StagedSums<Tile>::kPixels + Own::pixel() + (start + p) * Own::kStep);
                place[p] =
                    pixel[p].exists ? ((pixel[p].image * g.h + pixel[p].row) * g.w + pixel[p].column) * g.i + channel : kAbsent;
            }
            if constexpr (Previous::kIsKnown)
                if (previous.counts != nullptr)
                    for_all([&](uint32_t p, uint32_t source) { n[p] = read_counts(previous.counts + source); });
            if (result.x != nullptr)
                for_all([&](uint32_t p, uint32_t source) { at[p] = read_quad(result.x + source); });
            if (added != nullptr)
                for_all([&](uint32_t p, uint32_t source) { before[p] = read_quad(added + source); });
            if (is_padded)
                for_all([&](uint32_t p, uint32_t)
                {
                    const Quad more = read_padded(g, result.padded, pixel[p], channel);
#pragma unroll
                    for (uint32_t i = 0; i < kQuad; i++)
                        before[p].value[i] += more.value[i];
                });
            if (result.x == nullptr)
                for_all([&](uint32_t p, uint32_t)
                {
#pragma unroll
                    for (uint32_t i = 0; i < kQuad; i++)
                        at[p].value[i] = channels[i].value(layer, n[p].n[i]);
                });
#pragma unroll
            for (uint32_t p = 0; p < Own::kAtOnce; p++)
            {
                const Quad sum = sums.take(Own::pixel() + (start + p) * Own::kStep, Own::quad());
                Quad dx;
#pragma unroll
                for (uint32_t i = 0; i < kQuad; i++)
                {
                    const float own = slope(at[p].value[i]) * factor * sum.value[i];
                    dx.value[i] = adds ? before[p].value[i] + own : own;
                }
                if (place[p] != kAbsent)
                    write_quad(result.dx + place[p], dx);
#pragma unroll
                for (uint32_t i = 0; i < kQuad; i++)
                {
                    const float own = place[p] == kAbsent ? 0.0f : dx.value[i];
                    of_unit.value[0][i] += own;
                    of_unit.value[1][i] += own * channels[i].centred(layer, n[p].n[i]);
                }
            }
        }
    });
}

// A tile's sums, through shared memory, to where they belong. All threads of the block take part.
template <class Tile, class Previous>
__device__ __forceinline__ void give_results(const ConvGeometry& g, const PixelTile& tile, const InputGradPlace& place,
    const InputGradResult& result, const InputGradSums<Tile>& sums, const Previous& previous, InputGradShared& shared, ChannelSums& of_unit)
{
    const bool exists = ResultQuads<Tile>::channel() < g.i;
    // Read again for every tile: in the loop of the products there are no registers for them.
    PreviousChannel channels[kQuad] = {};
    float layer = 0.0f;
    if constexpr (Previous::kIsKnown)
        if (previous.counts != nullptr && exists)
        {
            layer = *previous.scale;
#pragma unroll
            for (uint32_t i = 0; i < kQuad; i++)
                channels[i] = channel_of(previous, ResultQuads<Tile>::channel() + i);
        }
    const StagedSums<Tile> staged(shared);
#pragma unroll
    for (uint32_t pass = 0; pass < StagedSums<Tile>::kPasses; pass++)
    {
        __syncthreads();
        staged.give(sums, pass);
        __syncthreads();
        if (exists)
            store_results<Tile>(g, tile, place, result, staged, pass, previous, channels, layer, of_unit);
    }
}

// The whole of it: the tiles are dealt out to the blocks.
template <class Tile, class Gradient, class Previous, class Also>
__device__ __forceinline__ void input_grad(const ConvGeometry& g, const PixelTile& tile, uint32_t tiles, const Gradient& gradient,
    const uint32_t* w_bits, const InputGradResult& result, const Previous& previous, Also& also)
{
    __shared__ InputGradShared shared;
    __shared__ InputGradBeside<Gradient> beside;
    for (uint32_t number = blockIdx.x; number < tiles; number += gridDim.x)
    {
        const InputGradPlace place = input_grad_place(g, tile, number);
        list_halo<Tile>(g, tile, place, shared);
        InputGradSums<Tile> sums;
        input_grad_sums<Tile>(g, tile, place, gradient, w_bits, shared, beside, sums, also);
        if (result.mode == kGradNone)
            continue;
        ChannelSums of_unit = {};
        give_results<Tile>(g, tile, place, result, sums, previous, shared, of_unit);
        if constexpr (Previous::kIsKnown)
        {
            __shared__ PreviousSums<Tile> of_block;
            if (previous.partial == nullptr)
                continue;
            if (number == blockIdx.x)
                clear<Tile>(of_block);
            add_to_warp<Tile>(of_unit, of_block);
            if (number + gridDim.x >= tiles)
                give_sums<Tile>(g, previous, of_block);
        }
    }
}

template <class Tile, class Gradient, class Previous>
__device__ __forceinline__ void input_grad(const ConvGeometry& g, const PixelTile& tile, uint32_t tiles, const Gradient& gradient,
    const uint32_t* w_bits, const InputGradResult& result, const Previous& previous)
{
    NothingElse nothing;
    input_grad<Tile>(g, tile, tiles, gradient, w_bits, result, previous, nothing);
}
