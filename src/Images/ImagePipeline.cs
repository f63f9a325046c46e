using ReSTE.Native.Images.Resizing;

namespace ReSTE.Native.Images;

/// <summary>From a file's content to the bytes of one image of a data set. One thread uses it at a time; all its memory is kept.</summary>
internal sealed class ImagePipeline(ImageFolderOptions options) : IDisposable
{
    private readonly IImageDecoder _decoder = options.NewDecoder();
    private readonly ImageBuffer _image = new();
    private readonly BilinearResize _resize = new();

    /// <summary>The image as it is judged by: its shorter side resized, and the square at the centre.</summary>
    public void Centre(ReadOnlySpan<byte> content, Span<byte> pixels)
    {
        _decoder.Decode(content, _image);
        Resize(ResizePlan.Centre(_image.Width, _image.Height, options.ShortSide, options.Side), pixels);
    }

    /// <summary>The image as it is drawn for training: a random part. Returns which.</summary>
    public Box Part(ReadOnlySpan<byte> content, ulong seed, int epoch, int number, Span<byte> pixels)
    {
        _decoder.Decode(content, _image);
        Box part = RandomPart.Draw(seed, epoch, number, _image.Width, _image.Height);
        Resize(ResizePlan.Part(part, options.Side), pixels);
        return part;
    }

    /// <inheritdoc/>
    public void Dispose() => _decoder.Dispose();

    private void Resize(ResizePlan plan, Span<byte> pixels)
    {
        _resize.Resize(_image, plan, pixels);
        _image.Trim();
    }
}
