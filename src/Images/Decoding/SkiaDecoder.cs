using ReSTE.Native.Datasets;
using ReSTE.Native.Images.Resizing;
using SkiaSharp;

namespace ReSTE.Native.Images.Decoding;

/// <summary>
/// Decodes by SkiaSharp: JPEG, PNG, WebP, BMP and GIF, recognised by their content. Nothing else in this library touches SkiaSharp, so that
/// its native library is loaded when the first image needs it.
/// </summary>
internal sealed class SkiaDecoder : IImageDecoder
{
    /// <summary>The package that holds the native library where this program was published without it.</summary>
    public const string NativePackage = "SkiaSharp.NativeAssets.Linux.NoDependencies";

    // Columns beside those that are needed: smooth upsampling looks at the next column of colours, one for two columns at most.
    private const int MoreColumns = 8;

    // What columns begin with is a multiple of this: the widest unit of coded blocks, of which a decoder can leave whole ones out.
    private const int Unit = 32;

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<byte> content, ImageBuffer image) => Decode(content, image, isPlainJpeg: false);

    /// <summary>The same, leaving out what is not needed of an image that <see cref="JpegMarkers.PlainFrame"/> calls a plain one.</summary>
    public void Decode(ReadOnlySpan<byte> content, ImageBuffer image, bool isPlainJpeg)
    {
        if (ImageForm.WhyNot(content) is { } why)
            throw new ImageException(DatasetFault.OtherForm, why);
        try
        {
            DecodeBySkia(content, image, isPlainJpeg);
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException)
        {
            throw new ImageException(DatasetFault.Unreadable, WhyMissing(e), e);
        }
    }

    /// <summary>Why the native library cannot be used; null where it can.</summary>
    public static string? WhyNot()
    {
        try
        {
            return Version() is { Length: > 0 } ? null : "it has no version";
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException)
        {
            return WhyMissing(e);
        }
    }

    private static string Version() => SkiaSharpVersion.Native.ToString();

    private static string WhyMissing(Exception problem) =>
        $"SkiaSharp's native library cannot be loaded ({problem.GetBaseException().Message.Split('\n')[0].TrimEnd()}): "
        + $"the package {NativePackage} holds it for Linux";

    private static unsafe void DecodeBySkia(ReadOnlySpan<byte> content, ImageBuffer image, bool isPlainJpeg)
    {
        fixed (byte* bytes = content)
        {
            using SKData data = SKData.Create((nint)bytes, content.Length);
            // The codec owns the stream.
            using SKCodec codec = SKCodec.Create(new SKMemoryStream(data), out SKCodecResult opened)
                ?? throw ImageException.Damaged(Words(opened));
            SKImageInfo info = codec.Info;
            Span<byte> pixels = image.Begin(info.Width, info.Height);
            // Colours as stored: no colour space to convert to, no premultiplied ones, whose transparent pixels would lose theirs.
            var wanted = new SKImageInfo(info.Width, info.Height, SKColorType.Rgba8888,
                info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul);
            fixed (byte* to = pixels)
            {
                if (isPlainJpeg && IsPartDecoded(codec, wanted, image, to))
                    return;
                SKCodecResult result = codec.GetPixels(wanted, (nint)to);
                if (result != SKCodecResult.Success)
                    throw ImageException.Damaged(Words(result));
            }
        }
    }

    /// <summary>
    /// Decodes the rows and columns that are needed, into their places. False where that fails: decoding the whole then says why, or shows
    /// that it can be done.
    /// </summary>
    private static unsafe bool IsPartDecoded(SKCodec codec, SKImageInfo wanted, ImageBuffer image, byte* to)
    {
        Box needed = image.Needed;
        if (needed.Width == image.Width && needed.Height == image.Height)
            return false;
        int left = Math.Max(0, needed.Left - MoreColumns) / Unit * Unit;
        int right = Math.Min(image.Width, needed.Left + needed.Width + MoreColumns);
        int row = image.Width * ImageBuffer.PixelBytes;
        to += (long)needed.Top * row + left * ImageBuffer.PixelBytes;
        return codec.StartScanlineDecode(wanted, new SKCodecOptions(new SKRectI(left, 0, right, image.Height))) == SKCodecResult.Success
            && (needed.Top == 0 || codec.SkipScanlines(needed.Top))
            && codec.GetScanlines((nint)to, needed.Height, row) == needed.Height;
    }

    private static string Words(SKCodecResult result) => result switch
    {
        SKCodecResult.IncompleteInput => "it is cut short",
        _ => $"its content is damaged (SkiaSharp: {result})",
    };
}
