namespace ReSTE.Native.Datasets;

/// <summary>
/// How an image's bytes become a network's input: x = (byte / 255 - mean) / deviation for each channel, and for training images before that
/// a random crop out of the image padded with zero bytes, and a horizontal flip with probability one half.
/// </summary>
/// <param name="Mean">Mean of each channel on the scale 0 to 1.</param>
/// <param name="Deviation">Standard deviation of each channel on the scale 0 to 1.</param>
/// <param name="CropPadding">Pixels of zero padding on every side before the random crop; 0 for no crop.</param>
/// <param name="Flip">Whether training images are flipped at random.</param>
public sealed record Preprocessing(IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation, int CropPadding, bool Flip)
{
    /// <summary>What the published ReSTE loader does with CIFAR-10: ImageNet's statistics, four pixels of padding, flips.</summary>
    public static Preprocessing Published { get; } = new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f], 4, true);
}
