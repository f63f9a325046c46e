using System.Buffers.Binary;
using ReSTE.Native.Datasets;
using ReSTE.Native.Images.Decoding;
using ReSTE.Native.Images.Tests.Reference;

namespace ReSTE.Native.Images.Tests.Decoding;

/// <summary>What forms of images have beside their pixels, and how much memory their headers get.</summary>
public sealed class FormTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Orientation 6 says that the image is to be turned by a quarter: torchvision does not.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_jpeg_is_not_turned_by_what_a_camera_noted(bool turbo)
    {
        Assert.SkipWhen(turbo && TurboLibrary.Found is null, $"libturbojpeg: {TurboLibrary.Report}");
        byte[] plain = File.ReadAllBytes(ReferenceImages.Own("made_444.JPEG"));
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM\0*"u8, 0, 0, 0, 8,
            // One entry: tag 0x112, type 3 (a short), one of it, 6; no other directory.
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0,
        ];
        using (var codec = SkiaSharp.SKCodec.Create(new MemoryStream([.. plain[..2], .. exif, .. plain[2..]])))
            Assert.Equal(SkiaSharp.SKEncodedOrigin.RightTop, codec.EncodedOrigin);
        var (expected, image) = (new ImageBuffer(), new ImageBuffer());
        var decoder = new StandardDecoder(turbo ? TurboLibrary.Found : null);
        decoder.Decode(plain, expected);
        decoder.Decode([.. plain[..2], .. exif, .. plain[2..]], image);
        Assert.Equal((487, 395), (image.Width, image.Height));
        Assert.True(expected.Pixels.SequenceEqual(image.Pixels));
    }

    // Codes of three bits: clear (4), the pixels 0, 1, 2, then four bits, for the table has grown: 3, end (5).
    [Fact]
    public void A_gif_has_its_palettes_colours()
    {
        byte[] gif =
        [
            .. "GIF89a"u8, 2, 0, 2, 0, 0b1_000_0_001, 0, 0,
            255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30,
            0x2C, 0, 0, 0, 0, 2, 0, 2, 0, 0, 2, 3, .. Codes((4, 3), (0, 3), (1, 3), (2, 3), (3, 4), (5, 4)), 0, 0x3B,
        ];
        var image = new ImageBuffer();
        new StandardDecoder(null).Decode(gif, image);
        Assert.Equal([255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 10, 20, 30, 255], image.Pixels.ToArray());
    }

    [Theory]
    [InlineData(60_000, 60_000)]
    [InlineData(int.MaxValue, 1)]
    [InlineData(0, 5)]
    public void A_png_header_that_claims_too_much_is_refused_before_memory_is_taken(int width, int height)
    {
        byte[] png = Drawn.File(1, form: SkiaSharp.SKEncodedImageFormat.Png);
        // Signature, length, "IHDR", width, height, five bytes more, sum.
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc(png.AsSpan(12, 17)));
        long before = GC.GetAllocatedBytesForCurrentThread();
        var refusal = Assert.Throws<ImageException>(() => new StandardDecoder(null).Decode(png, new ImageBuffer()));
        Assert.Equal(DatasetFault.Damaged, refusal.Kind);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    // Every part of a JPEG damaged in turn, through a folder, as a machine without libturbojpeg reads it.
    [Fact]
    public void Damaged_jpegs_are_named_or_read_by_skiasharp_alone()
    {
        Drawn.Folder(_folder, classes: 2, train: 1, test: 1);
        byte[] whole = Drawn.File(3, 200, 150);
        var options = new ImageFolderOptions { Side = 32, ShortSide = 36, NewDecoder = ImageDecoders.NewWithoutTurbo };
        int refused = 0;
        for (int i = 0; i < 60; i++)
        {
            int at = whole.Length * i / 60;
            byte[] damaged = [.. whole];
            damaged.AsSpan(at, Math.Min(9, whole.Length - at)).Fill(0xFF);
            string path = _folder.Write("train/c0/000.jpg", i % 2 == 0 ? damaged : whole[..at]);
            try
            {
                Assert.NotEmpty(Drawn.At(ImageFolder.Open(_folder.Path, options).Train, 0));
            }
            catch (DatasetException refusal)
            {
                refused++;
                Assert.Equal(path, refusal.File);
                Assert.DoesNotContain(refusal.Message, char.IsControl);
            }
        }
        Assert.InRange(refused, 30, 59);
    }

    [Fact]
    public void An_image_of_more_than_256_mib_is_refused_without_reading_it()
    {
        Drawn.Folder(_folder, classes: 2, train: 1, test: 1);
        using (var file = File.Create(_folder.At("train/c0/000.jpg")))
            file.SetLength((256L << 20) + 1);
        var data = ImageFolder.Open(_folder.Path, new ImageFolderOptions { Side = 32, ShortSide = 36 });
        var refusal = Assert.Throws<DatasetException>(() => Drawn.At(data.Train, 0));
        Assert.Equal(DatasetFault.OtherForm, refusal.Kind);
        Assert.Contains("it is too large for an image", refusal.Message);
    }

    [Theory]
    [InlineData(typeof(OutOfMemoryException), DatasetFault.Unreadable, "there is not enough memory for it")]
    [InlineData(typeof(InvalidOperationException), null, "")]
    public void Want_of_memory_names_the_path_and_a_decoders_own_fault_is_left_alone(Type kind, DatasetFault? fault, string words)
    {
        Drawn.Folder(_folder, classes: 2, train: 1, test: 1);
        var data = ImageFolder.Open(_folder.Path, new ImageFolderOptions
        {
            Side = 32,
            ShortSide = 36,
            NewDecoder = () => new Failing((Exception)Activator.CreateInstance(kind)!),
        });
        var problem = Assert.ThrowsAny<Exception>(() => Drawn.At(data.Train, 0));
        Assert.Equal(fault, (problem as DatasetException)?.Kind);
        Assert.Contains(words, problem.Message);
    }

    [Fact]
    public void A_library_that_is_named_and_not_there_is_said()
    {
        var (library, report, notice) = TurboLibrary.Find("/none/libturbojpeg.so");
        Assert.Null(library);
        Assert.Contains("/none/libturbojpeg.so not found", report);
        Assert.StartsWith("RESTE_LIBTURBOJPEG names a library that is not used: /none/libturbojpeg.so", notice);
        Assert.Null(TurboLibrary.Find("none").Notice);
        Assert.Null(TurboLibrary.Find(null).Notice);
    }

    private static byte[] Codes(params (int Code, int Bits)[] codes)
    {
        int all = 0, at = 0;
        foreach (var (code, bits) in codes)
        {
            all |= code << at;
            at += bits;
        }
        return [(byte)all, (byte)(all >> 8), (byte)(all >> 16)];
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in bytes)
        {
            sum ^= value;
            for (int bit = 0; bit < 8; bit++)
                sum = (sum & 1) != 0 ? sum >> 1 ^ 0xEDB88320 : sum >> 1;
        }
        return ~sum;
    }

    private sealed class Failing(Exception problem) : IImageDecoder
    {
        public void Decode(ReadOnlySpan<byte> content, ImageBuffer image) => throw problem;
    }
}
