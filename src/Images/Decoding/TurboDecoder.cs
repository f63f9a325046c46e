using System.Buffers.Binary;
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

    // Rows after the last that is needed: smooth upsampling looks at the next row of colours, one for two rows at most.
    private const int MoreRows = 4;

    // A larger copy goes with the next image.
    private const int MostKept = 16 << 20;

    // How libjpeg's warnings begin that leave a whole image. The one left out is "Premature end of JPEG file".
    private static readonly string[] s_warnings =
        ["Corrupt JPEG data", "Inconsistent progression sequence", "Unknown Adobe color transform", "Warning: ", "Invalid SOS parameters"];

    // A copy of the content whose header claims fewer rows.
    private byte[] _shortened = [];

    /// <summary>
    /// Decodes a JPEG of one or three channels. False where this library does not take it, such as for a subsampling that it has no name
    /// for: another may.
    /// </summary>
    /// <param name="content">The file's content.</param>
    /// <param name="image">Takes the pixels.</param>
    /// <param name="plainFrame">What <see cref="JpegMarkers.PlainFrame"/> says of it: with 0 all rows are decoded.</param>
    /// <exception cref="ImageException">The content is damaged.</exception>
    public bool TryDecode(ReadOnlySpan<byte> content, ImageBuffer image, int plainFrame = 0)
    {
        nint handle = library.NewDecompressor();
        if (handle == 0)
            return false;
        try
        {
            if (!TryBegin(handle, content, image))
                return false;
            int rows = image.Needed.Top + image.Needed.Height + MoreRows;
            if (plainFrame > 0 && rows < image.Height)
                Decode(handle, Shortened(content, plainFrame, rows), image, rows);
            else
                Decode(handle, content, image, image.Height);
            return true;
        }
        finally
        {
            library.Destroy(handle);
        }
    }

    private bool TryBegin(nint handle, ReadOnlySpan<byte> content, ImageBuffer image)
    {
        int width = 0, height = 0, subsampling, colours;
        fixed (byte* bytes = content)
        {
            var length = new CULong((nuint)content.Length);
            if (library.ReadHeader(handle, bytes, length, &width, &height, &subsampling, &colours) != 0 && !IsWarning(Error(handle)))
                return false;
        }
        image.Begin(width, height);
        return true;
    }

    private void Decode(nint handle, ReadOnlySpan<byte> content, ImageBuffer image, int rows)
    {
        fixed (byte* bytes = content, pixels = image.Pixels)
        {
            int row = image.Width * ImageBuffer.PixelBytes;
            var length = new CULong((nuint)content.Length);
            if (library.Decompress(handle, bytes, length, pixels, image.Width, row, rows, Rgbx, 0) != 0 && !IsWarning(Error(handle)))
                throw ImageException.Damaged($"its content is damaged (libturbojpeg: {Error(handle)})");
        }
    }

    /// <summary>
    /// The same content with fewer rows in its header. The library, which cannot stop early, then takes the rest for stray bytes before the
    /// end-of-image marker, which is worth a warning.
    /// </summary>
    private ReadOnlySpan<byte> Shortened(ReadOnlySpan<byte> content, int frame, int rows)
    {
        if (_shortened.Length < content.Length || _shortened.Length > MostKept)
            _shortened = GC.AllocateUninitializedArray<byte>(content.Length);
        Span<byte> shortened = _shortened.AsSpan(0, content.Length);
        content.CopyTo(shortened);
        BinaryPrimitives.WriteUInt16BigEndian(shortened[(frame + JpegMarkers.HeightAt)..], (ushort)rows);
        return shortened;
    }

    private string Error(nint handle) => Marshal.PtrToStringUTF8((nint)library.ErrorText(handle)) ?? "unknown error";

    /// <summary>
    /// Whether it was a warning that leaves a whole image, such as one of stray bytes between segments. They are no reason to stop: Pillow
    /// takes such images, which large collections have some of, and its pixels are these. The library's own word for which of the two it
    /// was does not do: after a warning it calls a failure a warning too, and then rows are missing.
    /// </summary>
    private static bool IsWarning(string error) => s_warnings.Any(warning => error.StartsWith(warning, StringComparison.Ordinal));
}
