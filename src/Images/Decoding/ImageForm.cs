namespace ReSTE.Native.Images.Decoding;

/// <summary>Tells the forms of image files by their first bytes, whatever the files are called.</summary>
internal static class ImageForm
{
    /// <summary>Why content of a form is not read; null where its form is.</summary>
    public static string? WhyNot(ReadOnlySpan<byte> content) => content switch
    {
        [0xFF, 0xD8, 0xFF, ..] or [0x89, (byte)'P', (byte)'N', (byte)'G', ..] or [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => null,
        [(byte)'B', (byte)'M', ..] or [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', ..] => null,
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => Other("TIFF"),
        [(byte)'P', >= (byte)'1' and <= (byte)'7', ..] => Other("PPM"),
        _ => Other("no known form"),
    };

    private static string Other(string form) => $"its content is {form}: JPEG, PNG, WebP, BMP and GIF are read";
}
