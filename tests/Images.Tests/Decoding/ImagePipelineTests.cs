using ReSTE.Native.Images.Resizing;

namespace ReSTE.Native.Images.Tests.Decoding;

/// <summary>Training and test images that are decoded in part are those of whole images.</summary>
public sealed class ImagePipelineTests
{
    private const int Side = 48, ShortSide = 60, Channels = 3;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_made_is_what_whole_images_give(bool turbo)
    {
        Func<IImageDecoder> decoder = turbo ? ImageDecoders.New : ImageDecoders.NewWithoutTurbo;
        var pipeline = new ImagePipeline(new ImageFolderOptions { Side = Side, ShortSide = ShortSide, NewDecoder = decoder });
        var (image, resize) = (new ImageBuffer(), new BilinearResize());
        byte[] expected = new byte[Side * Side * Channels], made = new byte[expected.Length];
        for (int i = 0; i < 120; i++)
        {
            int width = 20 + 37 * i % 211, height = 20 + 53 * i % 181;
            byte[] content = Drawn.File(i, width, height);
            decoder().Decode(content, image);
            resize.Resize(image, ResizePlan.Part(RandomPart.Draw(5, 6, i, width, height), Side), expected);
            pipeline.Part(content, 5, 6, i, made);
            Assert.True(expected.AsSpan().SequenceEqual(made), $"part of {width} x {height}");
            resize.Resize(image, ResizePlan.Centre(width, height, ShortSide, Side), expected);
            pipeline.Centre(content, made);
            Assert.True(expected.AsSpan().SequenceEqual(made), $"centre of {width} x {height}");
        }
    }
}
