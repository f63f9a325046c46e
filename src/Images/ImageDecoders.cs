using ReSTE.Native.Images.Decoding;

namespace ReSTE.Native.Images;

/// <summary>The decoders that this library brings.</summary>
public static class ImageDecoders
{
    /// <summary>The environment variable that names the TurboJPEG library to load in place of the system's; `none` does without.</summary>
    public const string LibraryVariable = TurboLibrary.Variable;

    /// <summary>
    /// A decoder of JPEG, PNG, WebP, BMP and GIF: SkiaSharp, and for JPEG libturbojpeg where the machine has it, which is faster and gives
    /// the same pixels.
    /// </summary>
    public static IImageDecoder New() => new StandardDecoder(TurboLibrary.Found);

    /// <summary>The same without libturbojpeg.</summary>
    public static IImageDecoder NewWithoutTurbo() => new StandardDecoder(null);

    /// <summary>Which decoder takes what on this machine, and why, in one line.</summary>
    public static string Describe()
    {
        if (TurboLibrary.Found is { } turbo)
        {
            string others = SkiaDecoder.WhyNot() is { } why ? $"nothing else: {why}" : "all else by SkiaSharp";
            return $"JPEG by libturbojpeg ({turbo.Name}), {others}";
        }
        return $"{DescribeWithoutTurbo()}; libturbojpeg, faster for JPEG, is not used: {TurboLibrary.Report}";
    }

    /// <summary>The same of the decoder without libturbojpeg.</summary>
    public static string DescribeWithoutTurbo() =>
        SkiaDecoder.WhyNot() is { } why ? $"none can be decoded: {why}" : "all by SkiaSharp";
}
