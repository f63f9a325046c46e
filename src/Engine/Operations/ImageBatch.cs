using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>
    /// The next batch: image r of the batch has the number order[cursor + r] and lies at that place in images, or, in a ring, at place
    /// (cursor + r) mod R; x = byte * scale[c] + shift[c]. With padding p &gt; 0 the image is read through a p-wide border of zero
    /// bytes at an offset drawn from [0, 2p], and with flip mirrored by chance, both from Philox(seed, Augmentation, epoch, number).
    /// </summary>
    /// <param name="images">uint8 [R,H,W,C].</param>
    /// <param name="labels">int32 [R], at the places of the images.</param>
    /// <param name="order">int32 [M]: the epoch's permutation.</param>
    /// <param name="counters">int64 [3], see <see cref="BatchCounters"/>.</param>
    /// <param name="normalisation">real [2,C]: scale, shift.</param>
    /// <param name="ring">Whether images hold those of the next few steps alone.</param>
    /// <param name="padding">Crop padding in pixels.</param>
    /// <param name="flip">Whether to mirror at random.</param>
    /// <param name="x">out: real [N,H,W,C].</param>
    /// <param name="y">out: int32 [N].</param>
    void ImageBatch(Tensor images, Tensor labels, Tensor order, Tensor counters, Tensor normalisation, bool ring, int padding, bool flip,
        Tensor x, Tensor y);
}
