using System.Runtime.InteropServices;

namespace ReSTE.Native.Images.Decoding;

/// <summary>
/// Decodes JPEG by libturbojpeg, with the accurate inverse DCT and the smooth ("fancy") upsampling that are libjpeg-turbo's own choice and
/// Pillow's.
/// </summary>
internal sealed unsafe class TurboDecoder(TurboLibrary library) : IDisposable
{
    private const int Rgbx = 2;

    // How libjpeg's warnings begin that leave a whole image. The one left out is "Premature end of JPEG file".
    private static readonly string[] s_warnings =
        ["Corrupt JPEG data", "Inconsistent progression sequence", "Unknown Adobe color transform", "Warning: ", "Invalid SOS parameters"];

    private nint _handle;

    /// <summary>
    /// Decodes a JPEG of one or three channels. False where this library does not take it, such as for a subsampling that it has no name
    /// for: another may.
    /// </summary>
    /// <exception cref="ImageException">The content is damaged.</exception>
    public bool TryDecode(ReadOnlySpan<byte> content, ImageBuffer image)
    {
        if (_handle == 0 && (_handle = library.NewDecompressor()) == 0)
            return false;
        fixed (byte* bytes = content)
        {
            var length = new CULong((nuint)content.Length);
            int width, height, subsampling, colours;
            if (library.ReadHeader(_handle, bytes, length, &width, &height, &subsampling, &colours) != 0)
            {
                // What a failed header leaves in a handle can spoil the images after it.
                Dispose();
                return false;
            }
            fixed (byte* pixels = image.Begin(width, height))
            {
                if (library.Decompress(_handle, bytes, length, pixels, width, width * ImageBuffer.PixelBytes, height, Rgbx, 0) != 0)
                    Judge();
            }
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_handle != 0)
            library.Destroy(_handle);
        _handle = 0;
        GC.SuppressFinalize(this);
    }

    ~TurboDecoder() => Dispose();

    /// <summary>
    /// Refuses what failed, and what came to its end early. Other warnings, such as stray bytes between segments, are no reason to stop:
    /// Pillow takes such images, which large collections have some of, and its pixels are these. The library's own word for which of the two
    /// it was does not do: after a warning it calls a failure a warning too, and then rows are missing.
    /// </summary>
    private void Judge()
    {
        string text = Marshal.PtrToStringUTF8((nint)library.ErrorText(_handle)) ?? "unknown error";
        if (s_warnings.Any(warning => text.StartsWith(warning, StringComparison.Ordinal)))
            return;
        Dispose();
        throw ImageException.Damaged($"its content is damaged (libturbojpeg: {text})");
    }
}
