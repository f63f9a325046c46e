using ReSTE.Native.Datasets;
using ReSTE.Native.Images;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace ReSTE.Native.Adapters.ImageSharp;

/// <summary>
/// Decodes by ImageSharp 2.1: in managed code, and TIFF, PPM and TGA too. JPEGs are not torchvision's pixels, and truncated files are read
/// without a word: README.md has the figures.
/// </summary>
public sealed class ImageSharpDecoder : IImageDecoder
{
    /// <inheritdoc/>
    public unsafe void Decode(ReadOnlySpan<byte> content, ImageBuffer image)
    {
        if (content.IsEmpty)
            throw Unknown(null);
        fixed (byte* bytes = content)
        {
            using var stream = new UnmanagedMemoryStream(bytes, content.Length);
            try
            {
                IImageInfo info = Image.Identify(stream) ?? throw Unknown(null);
                Span<byte> pixels = image.Begin(info.Width, info.Height);
                stream.Position = 0;
                using var decoded = Image.Load<Rgba32>(stream);
                if ((decoded.Width, decoded.Height) != (info.Width, info.Height))
                    throw new ImageException(DatasetFault.Damaged, "its header and its content have different sizes");
                decoded.CopyPixelDataTo(pixels);
            }
            catch (UnknownImageFormatException problem)
            {
                throw Unknown(problem);
            }
            catch (Exception problem) when (problem is not ImageException)
            {
                // Damaged content ends in exceptions of many kinds.
                string line = new([.. problem.Message.Select(letter => char.IsControl(letter) ? ' ' : letter)]);
                throw new ImageException(DatasetFault.Damaged, $"its content is damaged (ImageSharp: {line})", problem);
            }
        }
    }

    private static ImageException Unknown(Exception? problem) =>
        new(DatasetFault.OtherForm, "its content is of no form that ImageSharp knows", problem);
}
