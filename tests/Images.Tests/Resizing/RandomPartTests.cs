using ReSTE.Native.Images.Resizing;

namespace ReSTE.Native.Images.Tests.Resizing;

/// <summary>Which part of a photograph a training image shows.</summary>
public sealed class RandomPartTests
{
    [Theory]
    [InlineData(500, 375, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(20_000, 3, 2)]
    [InlineData(3, 20_000, 3)]
    [InlineData(224, 224, 4)]
    public void It_lies_inside_the_image_and_keeps_to_the_ratio(int width, int height, int image)
    {
        for (int epoch = 0; epoch < 200; epoch++)
        {
            Box part = RandomPart.Draw(7, epoch, image, width, height);
            Assert.InRange(part.Left, 0, width - part.Width);
            Assert.InRange(part.Top, 0, height - part.Height);
            Assert.True(part is { Width: > 0, Height: > 0 });
            if (width >= 224 && height >= 224)
            {
                Assert.InRange((double)part.Width * part.Height / (width * height), 0.078, 1);
                Assert.InRange((double)part.Width / part.Height, 0.73, 1.37);
            }
        }
    }

    // The share of parts by area follows from the draw: of ten tries the first that fits. Counted over many, to four standard errors.
    [Fact]
    public void Areas_are_spread_as_the_draw_says()
    {
        const int Count = 20_000;
        var random = new Random(1);
        double Simulated()
        {
            for (int i = 0; i < 10; i++)
            {
                double area = 500 * 375 * (0.08 + 1.17 * random.NextDouble());
                double ratio = Math.Exp(Math.Log(0.75) + (Math.Log(4.0 / 3) - Math.Log(0.75)) * random.NextDouble());
                double wide = Math.Round(Math.Sqrt(area * ratio)), high = Math.Round(Math.Sqrt(area / ratio));
                if (wide <= 500 && high <= 375)
                    return wide * high;
            }
            return 500 * 375;
        }
        double Drawn(int image)
        {
            Box part = RandomPart.Draw(9, 3, image, 500, 375);
            return part.Width * part.Height;
        }
        double expected = Enumerable.Range(0, Count).Average(_ => Simulated()), actual = Enumerable.Range(0, Count).Average(Drawn);
        // The areas' deviation is below 0.28 of the whole.
        Assert.InRange(actual / expected, 1 - 4 * 0.28 * 1.42 / 0.5 / Math.Sqrt(Count), 1 + 4 * 0.28 * 1.42 / 0.5 / Math.Sqrt(Count));
    }

    [Theory]
    [InlineData(100, 100, 0, 0, 100, 100)]
    [InlineData(200, 100, 33, 0, 133, 100)]
    [InlineData(100, 200, 0, 33, 100, 133)]
    [InlineData(1, 1, 0, 0, 1, 1)]
    [InlineData(20_000, 1, 9999, 0, 1, 1)]
    public void What_never_fits_is_cut_at_the_centre(int width, int height, int left, int top, int wide, int high) =>
        Assert.Equal(new Box(left, top, wide, high), RandomPart.Centred(width, height));

    [Fact]
    public void It_is_a_function_of_seed_epoch_and_number()
    {
        Box Draw(ulong seed, int epoch, int image) => RandomPart.Draw(seed, epoch, image, 500, 375);
        Assert.Equal(Draw(1, 2, 3), Draw(1, 2, 3));
        Assert.NotEqual(Draw(1, 2, 3), Draw(2, 2, 3));
        Assert.NotEqual(Draw(1, 2, 3), Draw(1, 3, 3));
        Assert.NotEqual(Draw(1, 2, 3), Draw(1, 2, 4));
        // As build/peers/pillow_peer.py draws it, in another language. A resumed run draws what the run before it would have drawn.
        Assert.Equal(s_pinned, Draw(1234, 0, 0));
    }

    // Resize(256) truncates the longer side, CenterCrop(224) rounds half to even.
    [Theory]
    [InlineData(500, 375, 341, 256, 58, 16)]
    [InlineData(375, 500, 256, 341, 16, 58)]
    [InlineData(256, 256, 256, 256, 16, 16)]
    [InlineData(64, 64, 256, 256, 16, 16)]
    [InlineData(100, 101, 256, 258, 16, 17)]
    [InlineData(100, 102, 256, 261, 16, 18)]
    public void The_centre_is_torchvisions(int width, int height, int newWidth, int newHeight, int left, int top) => Assert.Equal(
        new ResizePlan(new Box(0, 0, width, height), newWidth, newHeight, new Box(left, top, 224, 224)),
        ResizePlan.Centre(width, height, 256, 224));

    private static readonly Box s_pinned = new(22, 9, 393, 354);
}
