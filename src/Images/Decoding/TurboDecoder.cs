using System.Runtime.InteropServices;

namespace ReSTE.Native.Images.Decoding;

/// <summary>
/// Decodes JPEG by libturbojpeg, with the accurate inverse DCT and the smooth ("fancy") upsampling that are libjpeg-turbo's own choice and
/// Pillow's. Every image has a handle of its own: a handle keeps the tables of the image before, and an image whose own are damaged would
/// be decoded with those.
/// </summary>
internal sealed unsafe class TurboDecoder(TurboLibrary library)
{
    private const int Rgbx = 2;

    // How libjpeg's warnings begin that leave a whole image. The one left out is "Premature end of JPEG file".
    private static readonly string[] s_warnings =
        ["Corrupt JPEG data", "Inconsistent progression sequence", "Unknown Adobe color transform", "Warning: ", "Invalid SOS parameters"];

    /// <summary>
    /// Decodes a JPEG of one or three channels. False where this library does not take it, such as for a subsampling that it has no name
    /// for: another may.
    /// </summary>
    /// <exception cref="ImageException">The content is damaged.</exception>
    public bool TryDecode(ReadOnlySpan<byte> content, ImageBuffer image)
    {
        nint handle = library.NewDecompressor();
        if (handle == 0)
            return false;
        try
        {
            return TryDecode(handle, content, image);
        }
        finally
        {
            library.Destroy(handle);
        }
    }

    private bool TryDecode(nint handle, ReadOnlySpan<byte> content, ImageBuffer image)
    {
        fixed (byte* bytes = content)
        {
            var length = new CULong((nuint)content.Length);
            int width = 0, height = 0, subsampling, colours;
            if (library.ReadHeader(handle, bytes, length, &width, &height, &subsampling, &colours) != 0 && !IsWarning(Error(handle)))
                return false;
            fixed (byte* pixels = image.Begin(width, height))
            {
                int row = width * ImageBuffer.PixelBytes;
                if (library.Decompress(handle, bytes, length, pixels, width, row, height, Rgbx, 0) != 0 && !IsWarning(Error(handle)))
                    throw ImageException.Damaged($"its content is damaged (libturbojpeg: {Error(handle)})");
            }
            return true;
        }
    }

    private string Error(nint handle) => Marshal.PtrToStringUTF8((nint)library.ErrorText(handle)) ?? "unknown error";

    /// <summary>
    /// Whether it was a warning that leaves a whole image, such as one of stray bytes between segments. They are no reason to stop: Pillow
    /// takes such images, which large collections have some of, and its pixels are these. The library's own word for which of the two it
    /// was does not do: after a warning it calls a failure a warning too, and then rows are missing.
    /// </summary>
    private static bool IsWarning(string error) => s_warnings.Any(warning => error.StartsWith(warning, StringComparison.Ordinal));
}
