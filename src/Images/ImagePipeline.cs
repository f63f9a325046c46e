using ReSTE.Native.Datasets;
using ReSTE.Native.Images.Resizing;

namespace ReSTE.Native.Images;

/// <summary>
/// From a file's content to the bytes of one image of a data set. What is made of an image is settled as soon as its size is known, so that
/// decoders can leave out what is not looked at. One thread uses it at a time; all its memory is kept.
/// </summary>
internal sealed class ImagePipeline(ImageFolderOptions options)
{
    /// <summary>The most bytes a file may have: a content is held whole by every thread, and no photograph comes near.</summary>
    private const int MostBytes = 256 << 20;

    private readonly IImageDecoder _decoder = options.NewDecoder();
    private readonly ImageBuffer _image = new();
    private readonly BilinearResize _resize = new();
    private ResizePlan _plan;

    /// <summary>The image as it is judged by: its shorter side resized, and the square at the centre.</summary>
    public void Centre(ReadOnlySpan<byte> content, Span<byte> pixels, Action<int, int>? sized = null) => Make(content, pixels,
        (width, height) =>
        {
            sized?.Invoke(width, height);
            return ResizePlan.Centre(width, height, options.ShortSide, options.Side);
        });

    /// <summary>The image as it is drawn for training: a random part.</summary>
    public void Part(ReadOnlySpan<byte> content, ulong seed, int epoch, int number, Span<byte> pixels) => Make(content, pixels,
        (width, height) => ResizePlan.Part(RandomPart.Draw(seed, epoch, number, width, height), options.Side));

    /// <summary>Refuses content that is too large, before it is read where that can be.</summary>
    /// <exception cref="ImageException">It has too many bytes.</exception>
    public static void CheckSize(long bytes)
    {
        if (bytes > MostBytes)
            throw new ImageException(DatasetFault.OtherForm, "it is too large for an image");
    }

    private void Make(ReadOnlySpan<byte> content, Span<byte> pixels, Func<int, int, ResizePlan> plan)
    {
        try
        {
            CheckSize(content.Length);
            _image.Needs = (width, height) => (_plan = plan(width, height)).Needed;
            _decoder.Decode(content, _image);
            _resize.Resize(_image, _plan, pixels);
        }
        finally
        {
            _image.Trim();
        }
    }
}
