namespace ReSTE.Native.Images;

/// <summary>What becomes of the images of a folder. Without change it is what the published trainer does with ImageNet.</summary>
public sealed record ImageFolderOptions
{
    /// <summary>What the data set is called in messages, logs and checkpoints.</summary>
    public string Name { get; init; } = "imagenet";

    /// <summary>Width and height of every image in pixels.</summary>
    public int Side { get; init; } = 224;

    /// <summary>The shorter side that test images are resized to before the square at their centre is taken; at least the side.</summary>
    public int ShortSide { get; init; } = 256;

    /// <summary>Makes a decoder for each thread that reads.</summary>
    public Func<IImageDecoder> NewDecoder { get; init; } = ImageDecoders.New;

    /// <summary>What there is to know about the decoder.</summary>
    internal IReadOnlyList<string> Notices => NewDecoder == ImageDecoders.New && Decoding.TurboLibrary.Notice is { } notice ? [notice] : [];
}
