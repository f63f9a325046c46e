// 128 pixels that a block of the tensor-core kernels takes together: a rectangle of one image, or of several where images are small, so
// that the pixels around them, their halo, are few and are read once for all taps of a convolution. Counts are powers of two, given as
// their logarithms; what hangs over an image's edge is computed from zeros and not stored.
#pragma once
#include "for_host.cuh"
#include <stdint.h>

constexpr uint32_t kTilePixelsLog = 7, kTilePixels = 1u << kTilePixelsLog;
constexpr uint32_t kAbsent = 0xFFFFFFFFu; // in place of an index: no such pixel

FOR_HOST(pixel_tile_log, kTilePixelsLog)

// Rows and columns of the rectangle, as logarithms, and rectangles to an image, downwards and across. columns_log is 2 at least: four
// neighbours lie in one row.
struct PixelTile
{
    uint32_t rows_log, columns_log, down, across;
};

__device__ __forceinline__ uint32_t rows_of(const PixelTile& tile) { return 1u << tile.rows_log; }
__device__ __forceinline__ uint32_t columns_of(const PixelTile& tile) { return 1u << tile.columns_log; }
__device__ __forceinline__ uint32_t images_of(const PixelTile& tile) { return kTilePixels >> (tile.rows_log + tile.columns_log); }

struct TilePixel
{
    uint32_t image, row, column;
};

// The first pixel of a tile by its number.
__device__ __forceinline__ TilePixel first_of_tile(const PixelTile& tile, uint32_t number)
{
    const uint32_t line = number / tile.across, group = line / tile.down;
    return {group * images_of(tile), line % tile.down << tile.rows_log, number % tile.across << tile.columns_log};
}

// The pixel r of 128, counted from the tile's first.
__device__ __forceinline__ TilePixel pixel_of_tile(const PixelTile& tile, uint32_t r)
{
    return {r >> (tile.rows_log + tile.columns_log), r >> tile.columns_log & (rows_of(tile) - 1), r & (columns_of(tile) - 1)};
}

// The tile with what surrounds it: rows and columns an image of the tile.
struct Halo
{
    uint32_t rows, columns;

    __device__ __forceinline__ uint32_t count(const PixelTile& tile) const { return images_of(tile) * rows * columns; }
    __device__ __forceinline__ uint32_t index(uint32_t image, uint32_t row, uint32_t column) const
    {
        return (image * rows + row) * columns + column;
    }
    __device__ __forceinline__ TilePixel pixel(uint32_t index) const
    {
        const uint32_t line = index / columns;
        return {line / rows, line % rows, index % columns};
    }
};

// The same pixels without a division each: by how often a row goes into 2^16, rounded up; for halos of some hundreds. A phase without taps
// has an empty halo, whose rows may be of no columns.
struct QuickHalo
{
    uint32_t rows, columns, of_columns, of_rows;

    __device__ __forceinline__ explicit QuickHalo(const Halo& halo)
        : rows(halo.rows), columns(halo.columns), of_columns(0xFFFFu / max(halo.columns, 1u) + 1),
          of_rows(0xFFFFu / max(halo.rows, 1u) + 1)
    {
    }

    __device__ __forceinline__ TilePixel pixel(uint32_t index) const
    {
        const uint32_t line = index * of_columns >> 16, image = line * of_rows >> 16;
        return {image, line - image * rows, index - line * columns};
    }
};

// What the pixels of a tile read of an image through windows of `side` taps.
__device__ __forceinline__ Halo window_halo(const PixelTile& tile, uint32_t side, uint32_t stride)
{
    return {(rows_of(tile) - 1) * stride + side, (columns_of(tile) - 1) * stride + side};
}

// A pixel's place from the tile's first, ten bits a coordinate.
__device__ __forceinline__ uint32_t packed(const TilePixel& pixel)
{
    return pixel.image << 20 | pixel.row << 10 | pixel.column;
}

__device__ __forceinline__ TilePixel unpacked(uint32_t place)
{
    return {place >> 20, place >> 10 & 1023u, place & 1023u};
}

// Where the pixels of a halo lie, which is the same for every tile: as packed(). All threads of the block take part.
template <uint32_t kThreads>
__device__ __forceinline__ void list_pixels(const Halo& halo, uint32_t count, uint32_t* list)
{
    for (uint32_t at = threadIdx.x; at < count; at += kThreads)
        list[at] = packed(halo.pixel(at));
}
