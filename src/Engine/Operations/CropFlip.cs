using ReSTE.Native.Randomness;

namespace ReSTE.Native.Operations;

/// <summary>
/// Where one training image is cropped and whether it is mirrored: a pure function of seed, epoch and the image's number.
/// </summary>
/// <param name="Row">First row of the crop in the padded image, 0 to 2 * padding.</param>
/// <param name="Column">First column of the crop in the padded image, 0 to 2 * padding.</param>
/// <param name="Flip">Whether columns are reversed after the crop.</param>
internal readonly record struct CropFlip(int Row, int Column, bool Flip)
{
    /// <summary>The draw for an image; without padding or flip the identity of that part.</summary>
    public static CropFlip Draw(ulong seed, uint epoch, int image, int padding, bool flip)
    {
        if (padding == 0 && !flip)
            return default;
        var (x, y, z, _) = Philox.Block(seed, RandomStream.Augmentation, epoch, (ulong)image);
        return new CropFlip(Philox.Below(x, 2 * padding + 1), Philox.Below(y, 2 * padding + 1), flip && (z & 1) != 0);
    }
}
