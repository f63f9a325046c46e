using ReSTE.Native.Datasets;
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

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<byte> content, ImageBuffer image)
    {
        if (ImageForm.WhyNot(content) is { } why)
            throw new ImageException(DatasetFault.OtherForm, why);
        try
        {
            DecodeBySkia(content, image);
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

    private static unsafe void DecodeBySkia(ReadOnlySpan<byte> content, ImageBuffer image)
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
                SKCodecResult result = codec.GetPixels(wanted, (nint)to);
                if (result != SKCodecResult.Success)
                    throw ImageException.Damaged(Words(result));
            }
        }
    }

    private static string Words(SKCodecResult result) => result switch
    {
        SKCodecResult.IncompleteInput => "it is cut short",
        _ => $"its content is damaged (SkiaSharp: {result})",
    };
}
