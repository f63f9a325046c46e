using ReSTE.Native.Randomness;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>
    /// Draws a sign for each x: +1 with probability min(max((x + 1) / 2, 0), 1), the hard sigmoid, else -1; packed along the last axis as
    /// <see cref="Bits"/> says. The bit is set where x &lt; (2 r + 1) / 65536 - 1 with r a number of sixteen random bits, so a probability
    /// is met to 2^-17 and is 0 or 1 exactly from |x| = 1 on; NaN gives +1. Which sixteen bits, <see cref="BernoulliDraw"/> says: it does
    /// not depend on the batch.
    /// </summary>
    /// <param name="x">real [N,..,C].</param>
    /// <param name="counters">int64 [3], see <see cref="BatchCounters"/>.</param>
    /// <param name="draw">What the signs are for.</param>
    /// <param name="bits">out: bits [N,..,words].</param>
    void BernoulliPack(Tensor x, Tensor counters, BernoulliDraw draw, Tensor bits);
}

/// <summary>
/// What random bits are used for. Element e of item n of [N,..] has half (e % 128) / 64, the lower one being 0, of word (e % 64) / 16 of
/// block e / 128 * 16 + e % 16 of Philox under the seed, counted from the item's first block. Of activations an item is an image: its
/// blocks begin at 0, and the upper half of the index is the image's place in the epoch. Of weights an item is a filter: its blocks follow
/// those of the filter before, and the upper half is the place of the batch's first image. The epoch stands in its own word of the
/// counter.
/// </summary>
/// <param name="Stream">Signs of activations or of weights.</param>
/// <param name="Layer">The layer's number, below 2^24.</param>
internal readonly record struct BernoulliDraw(RandomStream Stream, int Layer)
{
    /// <summary>Elements that share sixteen neighbouring blocks, and how many of them lie side by side in one word of each.</summary>
    public const int Group = 128, Run = 16;

    /// <summary>2 r + 1 of the sixteen bits r, less 65536, over 65536: r * Step + Lowest.</summary>
    public const float Step = 1 / 32768f, Lowest = 1 / 65536f - 1;

    /// <summary>The last word of the counter: stream and layer.</summary>
    public uint Word => (uint)Stream | ((uint)Layer << 8);

    /// <summary>Whether each item is an image with a place of its own.</summary>
    public bool IsPerImage => Stream == RandomStream.ActivationSigns;

    /// <summary>The first block of an item of a number of elements, as the lower half of the index.</summary>
    public uint FirstBlock(long item, long elements) => IsPerImage ? 0 : (uint)(item * Blocks(elements));

    /// <summary>The upper half of an item's index.</summary>
    public uint Place(long item, long cursor) => (uint)(IsPerImage ? cursor + item : cursor);

    private static long Blocks(long elements) => (elements + Group - 1) / Group * Run;
}
