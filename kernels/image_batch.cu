// image_batch: the next batch from a data set that lies on the device as bytes. Image r of the batch is number order[cursor + r] and lies
// at that place, or, where the device holds those of a few steps alone, at place (cursor + r) mod ring.
// x = byte * scale[c] + shift[c]. With padding p > 0 the image is read through a p-wide border of zero bytes at an offset drawn from [0,
// 2p], and with flip mirrored by chance, both from Philox(seed, augmentation, epoch, number): the draw depends on nothing else.
#include "index.cuh"
#include "launch_order.cuh"
#include "philox.cuh"

constexpr uint32_t kBlock = 256; // a thread a pixel

struct Crop
{
    int32_t row, column;
    bool flip;
};

__device__ __forceinline__ Crop draw_crop(const int64_t* counters, uint32_t number, uint32_t padding, uint32_t flip)
{
    const PhiloxBlock b = philox((uint64_t)counters[2], kStreamAugmentation, (uint32_t)counters[1], number);
    return {(int32_t)philox_below(b.x, 2 * padding + 1), (int32_t)philox_below(b.y, 2 * padding + 1), flip != 0 && (b.z & 1u) != 0};
}

extern "C" __global__ void __launch_bounds__(kBlock) image_batch(
    const uint8_t* __restrict__ images,      // [R,H,W,C]
    const int32_t* __restrict__ labels,      // [R]
    const int32_t* __restrict__ order,       // [M]
    const int64_t* __restrict__ counters,    // [3]: cursor, epoch, seed
    const float* __restrict__ normalisation, // [2,C]: scale, shift
    float* __restrict__ x,                   // [N,H,W,C]
    int32_t* __restrict__ y,                 // [N]
    uint32_t n, uint32_t h, uint32_t w, uint32_t c, uint32_t ring, uint32_t padding, uint32_t flip)
{
    start_in_turn();
    const uint64_t at = global_index();
    if (at >= (uint64_t)n * h * w)
        return;
    const uint32_t column = (uint32_t)at % w, row = (uint32_t)at / w % h, image = (uint32_t)at / w / h;
    const uint64_t next = (uint64_t)counters[0] + image;
    const uint32_t number = (uint32_t)order[next], place = ring == 0 ? number : (uint32_t)(next % ring);
    const Crop crop = draw_crop(counters, number, padding, flip);
    const int32_t r = (int32_t)row + crop.row - (int32_t)padding;
    const int32_t q = (int32_t)(crop.flip ? w - 1 - column : column) + crop.column - (int32_t)padding;
    const bool inside = r >= 0 && r < (int32_t)h && q >= 0 && q < (int32_t)w;
    const uint64_t source = inside ? (((uint64_t)place * h + (uint32_t)r) * w + (uint32_t)q) * c : 0;
    for (uint32_t k = 0; k < c; k++)
        x[at * c + k] = (inside ? (float)images[source + k] : 0.0f) * normalisation[k] + normalisation[c + k];
    if (row == 0 && column == 0)
        y[image] = labels[place];
}
