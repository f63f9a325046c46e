using ReSTE.Native.Datasets;
using ReSTE.Native.Images.Decoding;
using ReSTE.Native.Images.Tests.Reference;
using SkiaSharp;

namespace ReSTE.Native.Images.Tests.Decoding;

/// <summary>Which decoder takes what, and what neither takes.</summary>
public sealed class StandardDecoderTests
{
    public static TheoryData<bool> Turbo => [true, false];

    [Theory]
    [InlineData("made_444.JPEG", 487, 395, 3, false, 1)]
    [InlineData("made_progressive_420.JPEG", 487, 395, 3, true, 10)]
    [InlineData("made_cmyk.JPEG", 487, 395, 4, false, 1)]
    public void Markers_tell_what_a_jpeg_is(string name, int width, int height, int channels, bool isProgressive, int scans)
    {
        byte[] content = File.ReadAllBytes(ReferenceImages.Own(name));
        int frame = JpegMarkers.Read(content).PlainFrame;
        var expected = new JpegMarkers(width, height, channels, isProgressive, scans, HasEnd: true, frame);
        Assert.Equal(channels == 3 && !isProgressive, frame > 0);
        Assert.Equal(expected, JpegMarkers.Read(content));
        Assert.Equal(expected, JpegMarkers.Read([.. content, 0, 0xFF, 0x00, 7]));
        Assert.Equal(expected with { HasEnd = false, PlainFrame = 0 }, JpegMarkers.Read(content.AsSpan(..^2)));
        Assert.Equal(expected with { HasEnd = false, PlainFrame = 0 }, JpegMarkers.Read(content.AsSpan(..^1)));
        for (int length = 0; length < 700; length++)
            Assert.False(JpegMarkers.Read(content.AsSpan(0, length)).HasEnd);
    }

    // Rows after the failure are of whatever image was decoded before, and a warning came first: the library calls it a warning then.
    [Fact]
    public void A_failure_after_a_warning_is_no_warning()
    {
        Assert.SkipWhen(TurboLibrary.Found is null, $"libturbojpeg: {TurboLibrary.Report}");
        byte[] content = File.ReadAllBytes(ReferenceImages.Own("made_444.JPEG"));
        int middle = content.Length / 7;
        // A byte FF in coded data is followed by 00: this marker is none that there is.
        int at = middle + content.AsSpan(middle).IndexOf(new byte[] { 0xFF, 0x00 });
        content[at + 1] = 0xB0;
        var decoder = new StandardDecoder(TurboLibrary.Found);
        var refusal = Assert.Throws<ImageException>(() => decoder.Decode(content, new ImageBuffer()));
        Assert.Contains("Unsupported marker type 0xb0", refusal.Message);
    }

    // A JPEG may leave its tables out and rely on those of another: an image whose own are damaged must not be decoded with them.
    [Fact]
    public void Tables_of_the_image_before_are_not_used()
    {
        Assert.SkipWhen(TurboLibrary.Found is null, $"libturbojpeg: {TurboLibrary.Report}");
        byte[] content = File.ReadAllBytes(ReferenceImages.Own("made_444.JPEG"));
        var decoder = new StandardDecoder(TurboLibrary.Found);
        decoder.Decode(content, new ImageBuffer());
        int tables = content.AsSpan().IndexOf(new byte[] { 0xFF, 0xDB });
        content[tables + 1] = 0xFE;
        Assert.Throws<ImageException>(() => decoder.Decode(content, new ImageBuffer()));
    }

    // Pillow reads it without a word, and large collections have such files.
    [Fact]
    public void Stray_bytes_before_a_marker_are_only_worth_a_warning()
    {
        Assert.SkipWhen(TurboLibrary.Found is null, $"libturbojpeg: {TurboLibrary.Report}");
        byte[] content = File.ReadAllBytes(ReferenceImages.Own("made_444.JPEG"));
        var decoder = new StandardDecoder(TurboLibrary.Found);
        var (whole, stray) = (new ImageBuffer(), new ImageBuffer());
        decoder.Decode(content, whole);
        decoder.Decode([.. content[..^2], 1, 2, 3, .. content[^2..]], stray);
        Assert.True(whole.Pixels.SequenceEqual(stray.Pixels));
    }

    [Theory]
    [MemberData(nameof(Turbo))]
    public void Endless_scans_are_refused_at_once(bool turbo)
    {
        byte[] content = File.ReadAllBytes(ReferenceImages.Own("made_progressive_420.JPEG"));
        int scan = content.AsSpan().LastIndexOf(new byte[] { 0xFF, 0xDA });
        byte[] last = content[scan..^2];
        byte[] many = [.. content[..^2], .. Enumerable.Repeat(last, 600).SelectMany(bytes => bytes), .. content[^2..]];
        var decoder = new StandardDecoder(turbo ? TurboLibrary.Found : null);
        var refusal = Assert.Throws<ImageException>(() => decoder.Decode(many, new ImageBuffer()));
        Assert.Equal((DatasetFault.Damaged, "it has 610 scans"), (refusal.Kind, refusal.Message));
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void Lossless_forms_give_back_what_was_drawn(SKEncodedImageFormat form)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(5, 3, SKColorType.Rgba8888, SKAlphaType.Opaque));
        new Random(1).NextBytes(bitmap.GetPixelSpan());
        for (int i = 3; i < 60; i += 4)
            bitmap.GetPixelSpan()[i] = 255;
        using var pixmap = bitmap.PeekPixels();
        using SKData? data = form == SKEncodedImageFormat.Png
            ? pixmap.Encode(SKPngEncoderOptions.Default)
            : pixmap.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossless, 50));
        var decoder = new StandardDecoder(null);
        var image = new ImageBuffer();
        decoder.Decode(data!.ToArray(), image);
        Assert.True(bitmap.GetPixelSpan().SequenceEqual(image.Pixels));
    }

    [Fact]
    public void What_is_kept_of_a_large_image_goes_with_it()
    {
        var image = new ImageBuffer();
        image.Begin(5000, 5000);
        image.Trim();
        Assert.Equal(0, image.Width);
        image.Begin(500, 500);
        image.Trim();
        Assert.Equal(500, image.Width);
    }

    [Fact]
    public void What_decodes_is_said_in_one_line()
    {
        string line = ImageDecoders.Describe();
        Assert.Contains("SkiaSharp", line);
        Assert.Contains(TurboLibrary.Found is null ? TurboLibrary.Report : "JPEG by libturbojpeg", line);
        Assert.DoesNotContain(line, char.IsControl);
    }
}
