using ReSTE.Native.Data.Tests.Mutations;
using ReSTE.Native.Images.Decoding;
using ReSTE.Native.Images.Resizing;
using ReSTE.Native.Images.Tests.Reference;
using SkiaSharp;

namespace ReSTE.Native.Images.Tests.Decoding;

/// <summary>What is decoded of a part is, to the bit, that part of the whole; what is refused whole is refused in part.</summary>
public sealed class PartTests
{
    private const int Seed = 20261126;

    // Sizes around the units of coded blocks: 8, 16, 32.
    private static readonly int[] s_sizes = [1, 7, 16, 17, 33, 47, 64, 95, 130];

    public static TheoryData<bool> Turbo => [true, false];

    [Theory]
    [MemberData(nameof(Turbo))]
    public void A_part_is_that_part_of_the_whole_for_every_subsampling(bool turbo)
    {
        Assert.SkipWhen(TurboLibrary.Found is null, $"libturbojpeg: {TurboLibrary.Report}");
        var random = new Random(Seed);
        int shortened = 0;
        for (int i = 0; i < 1200; i++)
        {
            var subsampling = (TurboEncoder.Subsampling)(i % 6);
            int restart = OperatingSystem.IsLinux() && i % 4 == 0 ? random.Next(1, 9) : 0;
            using var drawn = new Drawing(random);
            byte[] content = TurboEncoder.File(drawn.Image, subsampling, random.Next(30, 100), restart);
            shortened += Check(content, turbo, random, $"seed {Seed}, case {i}, {subsampling}, restart {restart}") ? 1 : 0;
        }
        Assert.True(shortened > 400, $"only {shortened} images were decoded in part");
    }

    [Theory]
    [InlineData(SKJpegEncoderDownsample.Downsample420)]
    [InlineData(SKJpegEncoderDownsample.Downsample422)]
    [InlineData(SKJpegEncoderDownsample.Downsample444)]
    public void SkiaSharp_decodes_parts_of_its_own_images(SKJpegEncoderDownsample subsampling)
    {
        var random = new Random(Seed);
        for (int i = 0; i < 200; i++)
        {
            using var drawn = new Drawing(random);
            byte[] content = drawn.File(subsampling, random.Next(30, 100));
            Check(content, turbo: false, random, $"seed {Seed}, case {i}, {subsampling}");
        }
    }

    [Theory]
    [MemberData(nameof(Turbo))]
    public void Images_that_are_not_plain_are_decoded_whole(bool turbo)
    {
        var random = new Random(Seed);
        foreach (string name in new[] { "made_progressive_420.JPEG", "made_cmyk.JPEG" })
        {
            byte[] content = File.ReadAllBytes(ReferenceImages.Own(name));
            Assert.Equal(0, JpegMarkers.Read(content).PlainFrame);
            Assert.False(Check(content, turbo, random, name));
        }
    }

    [Theory]
    [MemberData(nameof(Turbo))]
    public void Damage_has_the_same_verdict_whole_and_in_part(bool turbo)
    {
        Assert.SkipWhen(turbo && TurboLibrary.Found is null, $"libturbojpeg: {TurboLibrary.Report}");
        var random = new Random(Seed);
        // Every fourth place lies among the headers.
        var mutator = new Mutator((r, count) => r.Next(4) == 0 ? r.Next(Math.Min(count, 700)) : r.Next(count));
        byte[] fine = File.ReadAllBytes(ReferenceImages.Own("made_444.JPEG"));
        int read = 0, refused = 0;
        for (int i = 0; i < 300; i++)
        {
            using var drawn = new Drawing(random);
            byte[] good = i % 3 == 0 ? fine : drawn.File(SKJpegEncoderDownsample.Downsample420, 90);
            byte[] content = mutator.Mutate(good, random);
            // Most of what is cut or lengthened has no end: it gets one.
            if (i % 2 == 0)
                content = [.. content, 0xFF, 0xD9];
            if (Verdict(content, turbo, new ImageBuffer()) is { } why)
            {
                Assert.Equal(why, Verdict(content, turbo, Asking(new Box(0, 0, 1, 1))));
                refused++;
                continue;
            }
            Check(content, turbo, random, $"seed {Seed}, case {i}");
            read++;
        }
        Assert.True(read > 30 && refused > 30, $"{read} read, {refused} refused");
    }

    [Fact]
    public void Only_plain_images_may_be_decoded_in_part()
    {
        byte[] content = File.ReadAllBytes(ReferenceImages.Own("made_444.JPEG"));
        int frame = JpegMarkers.Read(content).PlainFrame;
        Assert.Equal([0xFF, 0xC0], content[(frame - 2)..frame]);
        int middle = content.Length * 2 / 3;
        int PlainWith(params byte[] inserted) => JpegMarkers.Read([.. content[..middle], .. inserted, .. content[middle..]]).PlainFrame;
        Assert.Equal(frame, PlainWith(0xFF, 0xD3));
        // Tables, a start, a marker of no meaning, a reserved one: what a decoder makes of them it must be asked.
        Assert.Equal(0, PlainWith(0xFF, 0xDB, 0, 2));
        Assert.Equal(0, PlainWith(0xFF, 0xD8));
        Assert.Equal(0, PlainWith(0xFF, 0x01));
        Assert.Equal(0, PlainWith(0xFF, 0xB0));
        Assert.Equal(0, JpegMarkers.Read(content.AsSpan(..^1)).PlainFrame);
        byte[] arithmetic = [.. content];
        arithmetic[frame - 1] = 0xC9;
        Assert.Equal(0, JpegMarkers.Read(arithmetic).PlainFrame);
        // A scan of one channel of three, as where each has its own.
        byte[] single = [.. content];
        single[content.AsSpan().IndexOf(new byte[] { 0xFF, 0xDA }) + 4] = 1;
        Assert.Equal(0, JpegMarkers.Read(single).PlainFrame);
    }

    /// <summary>Compares a random part; whether some of the image was left out.</summary>
    private static bool Check(byte[] content, bool turbo, Random random, string what)
    {
        var whole = new ImageBuffer();
        if (turbo && TurboLibrary.Found is null)
            return false;
        Assert.Null(Verdict(content, turbo, whole));
        int wide = random.Next(1, whole.Width + 1), high = random.Next(1, whole.Height + 1);
        var box = new Box(random.Next(whole.Width - wide + 1), random.Next(whole.Height - high + 1), wide, high);
        ImageBuffer part = Asking(box);
        // What is left out keeps these bytes; a decoded pixel's fourth byte is 255.
        part.Begin(whole.Width, whole.Height).Fill(0xA5);
        Assert.Null(Verdict(content, turbo, part));
        Assert.Equal((whole.Width, whole.Height), (part.Width, part.Height));
        for (int y = box.Top; y < box.Top + high; y++)
        {
            int at = (y * whole.Width + box.Left) * ImageBuffer.PixelBytes, bytes = wide * ImageBuffer.PixelBytes;
            Assert.True(whole.Pixels.Slice(at, bytes).SequenceEqual(part.Pixels.Slice(at, bytes)),
                $"{what}: row {y} of {box} in {whole.Width} x {whole.Height}");
        }
        return part.Pixels[3] == 0xA5 || part.Pixels[^1] == 0xA5;
    }

    private static ImageBuffer Asking(Box box) => new() { Needs = (_, _) => box };

    /// <summary>Why content is refused; null where it is read.</summary>
    private static string? Verdict(byte[] content, bool turbo, ImageBuffer image)
    {
        try
        {
            new StandardDecoder(turbo ? TurboLibrary.Found : null).Decode(content, image);
            return null;
        }
        catch (ImageException refusal)
        {
            return refusal.Message;
        }
    }

    /// <summary>An image of a random size: noise upon large shapes, so that neighbours differ and colours too.</summary>
    private sealed class Drawing : IDisposable
    {
        private readonly SKBitmap _bitmap;

        public Drawing(Random random)
        {
            int width = s_sizes[random.Next(s_sizes.Length)], height = s_sizes[random.Next(s_sizes.Length)];
            _bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
            Span<byte> pixels = _bitmap.GetPixelSpan();
            for (int i = 0; i < pixels.Length; i++)
                pixels[i] = i % 4 == 3 ? (byte)255 : (byte)((i / 4 % width * (i % 4 + 1) + i / 4 / width * 3) / 2 + random.Next(96));
            pixels.CopyTo(Image.Begin(width, height));
        }

        public ImageBuffer Image { get; } = new();

        public byte[] File(SKJpegEncoderDownsample subsampling, int quality)
        {
            using SKPixmap pixels = _bitmap.PeekPixels();
            using SKData? data = pixels.Encode(new SKJpegEncoderOptions(quality, subsampling, SKJpegEncoderAlphaOption.Ignore));
            return data!.ToArray();
        }

        public void Dispose() => _bitmap.Dispose();
    }
}
