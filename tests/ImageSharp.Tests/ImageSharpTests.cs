using ReSTE.Native.Adapters.ImageSharp;
using ReSTE.Native.Datasets;
using ReSTE.Native.Images;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Pbm;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Tiff;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.PixelFormats;

namespace ReSTE.Native.ImageSharp.Tests;

/// <summary>What README.md says of ImageSharp's pixels: lossless forms are exact, JPEG is not, and a cut one is read.</summary>
public sealed class ImageSharpTests
{
    public static TheoryData<string> Lossless => ["png", "bmp", "gif", "tiff", "ppm", "webp"];

    [Theory]
    [MemberData(nameof(Lossless))]
    public void Lossless_forms_give_back_what_was_drawn(string form)
    {
        using Image<Rgb24> drawn = Draw();
        using var file = new MemoryStream();
        IImageEncoder encoder = form switch
        {
            "png" => new PngEncoder(),
            "bmp" => new BmpEncoder(),
            "gif" => new GifEncoder(),
            "tiff" => new TiffEncoder(),
            "ppm" => new PbmEncoder { ColorType = PbmColorType.Rgb, Encoding = PbmEncoding.Binary },
            _ => new WebpEncoder { FileFormat = WebpFileFormatType.Lossless },
        };
        drawn.Save(file, encoder);
        var image = Decoded(new ImageSharpDecoder(), file.ToArray());
        for (int y = 0; y < drawn.Height; y++)
            for (int x = 0; x < drawn.Width; x++)
            {
                var pixel = image.Pixels.Slice((y * drawn.Width + x) * ImageBuffer.PixelBytes, 3);
                Assert.Equal((drawn[x, y].R, drawn[x, y].G, drawn[x, y].B), (pixel[0], pixel[1], pixel[2]));
            }
    }

    [Theory]
    [InlineData("made_grey.png", 0, 0)]
    [InlineData("made_palette.png", 0, 0)]
    [InlineData("made_png_named.JPEG", 0, 0)]
    [InlineData("made_444.JPEG", 1, 4)]
    [InlineData("made_progressive_420.JPEG", 5, 120)]
    public void It_is_this_far_from_torchvisions_decoder(string name, int atLeast, int atMost)
    {
        byte[] content = File.ReadAllBytes(At(name));
        var (own, other) = (Decoded(ImageDecoders.New(), content), Decoded(new ImageSharpDecoder(), content));
        int most = 0;
        for (int i = 0; i < own.Pixels.Length; i++)
            most = i % ImageBuffer.PixelBytes == 3 ? most : Math.Max(most, Math.Abs(own.Pixels[i] - other.Pixels[i]));
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {most} levels");
        Assert.InRange(most, atLeast, atMost);
    }

    [Fact]
    public void A_jpeg_cut_in_half_is_read_without_a_word()
    {
        byte[] content = File.ReadAllBytes(At("made_444.JPEG"));
        Assert.Equal(487, Decoded(new ImageSharpDecoder(), content[..(content.Length / 2)]).Width);
    }

    [Theory]
    [InlineData("no image at all, but text")]
    [InlineData("")]
    public void Other_content_is_refused(string content)
    {
        var refusal = Assert.Throws<ImageException>(() => Decoded(new ImageSharpDecoder(), System.Text.Encoding.ASCII.GetBytes(content)));
        Assert.True(refusal.Kind is DatasetFault.OtherForm or DatasetFault.Damaged);
    }

    private static ImageBuffer Decoded(Images.IImageDecoder decoder, byte[] content)
    {
        var image = new ImageBuffer();
        decoder.Decode(content, image);
        return image;
    }

    /// <summary>A few colours, which a GIF's palette holds.</summary>
    private static Image<Rgb24> Draw()
    {
        var image = new Image<Rgb24>(37, 23);
        for (int y = 0; y < image.Height; y++)
            for (int x = 0; x < image.Width; x++)
                image[x, y] = new Rgb24((byte)(x / 7 * 40), (byte)(y / 5 * 50), (byte)((x + y) % 3 * 100));
        return image;
    }

    private static string At(string name) => Path.Combine(AppContext.BaseDirectory, "reference-data", "transforms", name);
}
