namespace ReSTE.Native.Images;

/// <summary>
/// Makes pixels out of a file's content. One thread uses it at a time, for one image after another, so that it can keep what it needs.
/// Nobody disposes it: native memory is freed with each image, or by a finaliser.
/// </summary>
public interface IImageDecoder
{
    /// <summary>
    /// Decodes an image as it lies in the file: colours as they are stored, transparency dropped, no turning by what a camera noted. It
    /// asks the image for room with <see cref="ImageBuffer.Begin"/> as soon as it knows the size.
    /// </summary>
    /// <exception cref="ImageException">The content is damaged, of a form that is not read, or too large.</exception>
    void Decode(ReadOnlySpan<byte> content, ImageBuffer image);
}
