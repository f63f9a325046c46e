using System.Globalization;
using ReSTE.Native.Images.Resizing;

namespace ReSTE.Native.Images;

/// <summary>A decoded image in memory that is kept for the next one: rows of pixels of red, green, blue and a byte of no meaning.</summary>
public sealed class ImageBuffer
{
    /// <summary>Bytes of a pixel.</summary>
    public const int PixelBytes = 4;

    /// <summary>The most pixels an image may have: what Pillow takes for an attack beyond, twice 2^28 / 3.</summary>
    public const int MostPixels = 178_956_970;

    // Vectors read past the last pixel, and what they find there counts nothing.
    internal const int Slack = 64;

    // Room for 16 million pixels is kept; what is larger goes with its image.
    private const int MostKept = 64 << 20;

    private byte[] _bytes = [];

    /// <summary>Pixels in a row.</summary>
    public int Width { get; private set; }

    /// <summary>Rows.</summary>
    public int Height { get; private set; }

    /// <summary>The pixels, [height, width, 4] bytes.</summary>
    public Span<byte> Pixels => _bytes.AsSpan(0, Width * Height * PixelBytes);

    /// <summary>The pixels and a few bytes after them that may be read.</summary>
    internal ReadOnlySpan<byte> PixelsAndSlack => _bytes.AsSpan(0, Width * Height * PixelBytes + Slack);

    /// <summary>
    /// The pixels that will be looked at: all, unless <see cref="Needs"/> says less. A decoder may leave the others as it finds them.
    /// </summary>
    internal Box Needed { get; private set; }

    /// <summary>Which pixels of an image of a width and a height will be looked at. It is asked when an image begins.</summary>
    internal Func<int, int, Box>? Needs { get; set; }

    /// <summary>Makes room for an image and returns it: what was in it is void.</summary>
    /// <exception cref="ImageException">The image is empty, or has more than <see cref="MostPixels"/> pixels.</exception>
    public Span<byte> Begin(int width, int height)
    {
        if (width < 1 || height < 1)
            throw ImageException.Damaged(string.Create(CultureInfo.InvariantCulture, $"its header claims {width} x {height} pixels"));
        if ((long)width * height > MostPixels)
            throw ImageException.Damaged(string.Create(CultureInfo.InvariantCulture,
                $"its header claims {width} x {height} pixels, more than the {MostPixels} that are taken for an image"));
        int needed = width * height * PixelBytes + Slack;
        if (_bytes.Length < needed)
            _bytes = GC.AllocateUninitializedArray<byte>(needed);
        (Width, Height) = (width, height);
        Needed = Needs?.Invoke(width, height) ?? new Box(0, 0, width, height);
        return Pixels;
    }

    /// <summary>Gives back room that is too large to be kept.</summary>
    internal void Trim()
    {
        if (_bytes.Length > MostKept)
            (_bytes, Width, Height) = ([], 0, 0);
    }
}
