using System.Globalization;

namespace ReSTE.Native.Images.Decoding;

/// <summary>
/// JPEG by libturbojpeg where there is one and it takes the image, everything else by SkiaSharp. Both build on libjpeg-turbo: the pixels
/// are the same.
/// </summary>
/// <param name="library">libturbojpeg; null to do without.</param>
internal sealed class StandardDecoder(TurboLibrary? library) : IImageDecoder
{
    // What libjpeg-turbo's own tools take for an attack: a small file of endless scans keeps a decoder busy for hours.
    private const int MostScans = 500;

    private readonly TurboDecoder? _turbo = library is null ? null : new(library);
    private readonly SkiaDecoder _skia = new();

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<byte> content, ImageBuffer image)
    {
        int plainFrame = 0;
        if (JpegMarkers.IsJpeg(content))
        {
            var markers = Checked(content);
            plainFrame = markers.PlainFrame;
            // CMYK is converted by SkiaSharp as Pillow does it. libturbojpeg does not say which rows it made up.
            if (markers is { Channels: 1 or 3, HasEnd: true } && _turbo?.TryDecode(content, image, plainFrame) == true)
                return;
        }
        _skia.Decode(content, image, isPlainJpeg: plainFrame > 0);
    }

    private static JpegMarkers Checked(ReadOnlySpan<byte> content)
    {
        var markers = JpegMarkers.Read(content);
        if (markers.Scans > MostScans)
            throw ImageException.Damaged(string.Create(CultureInfo.InvariantCulture, $"it has {markers.Scans} scans"));
        // A progressive image shows something after any scan, and decoders are content with it. Others have all their rows or not.
        if (markers is { IsProgressive: true, HasEnd: false })
            throw ImageException.Damaged("it is cut short: no end-of-image marker follows its last scan");
        return markers;
    }
}
