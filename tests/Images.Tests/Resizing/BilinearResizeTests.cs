using ReSTE.Native.Images.Resizing;

namespace ReSTE.Native.Images.Tests.Resizing;

/// <summary>The resize with vectors of every width gives the bytes of its definition, at sizes that are no multiple of anything.</summary>
public sealed class BilinearResizeTests
{
    private const int Channels = 3;

    private static readonly int[] s_sizes = [1, 2, 3, 5, 7, 17, 31, 64, 133];

    [Fact]
    public void Every_width_gives_the_bytes_of_the_definition()
    {
        var random = new Random(7);
        var (image, resize) = (new ImageBuffer(), new BilinearResize());
        for (int i = 0; i < 600; i++)
        {
            int Size() => s_sizes[random.Next(s_sizes.Length)];
            Fill(image, Size(), Size(), random, extreme: i % 3 == 0);
            var plan = new ResizePlan(Inside(image.Width, image.Height, random), Size(), Size(), default);
            Check(image, plan with { Window = Inside(plan.Width, plan.Height, random) }, resize, $"seed 7, case {i}");
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(20_000, 3)]
    [InlineData(3, 20_000)]
    [InlineData(20_000, 1)]
    [InlineData(500, 375)]
    [InlineData(225, 223)]
    public void Whole_images_go_through_both_forms(int width, int height)
    {
        var image = new ImageBuffer();
        Fill(image, width, height, new Random(1), extreme: false);
        var resize = new BilinearResize();
        Check(image, ResizePlan.Centre(width, height, 256, 224), resize, "centre");
        Check(image, ResizePlan.Part(RandomPart.Draw(1, 2, 3, width, height), 224), resize, "part");
    }

    // What decoders may leave out: pixels that are said not to be needed change nothing.
    [Fact]
    public void Pixels_that_are_not_needed_are_not_looked_at()
    {
        var random = new Random(11);
        var (image, other, resize) = (new ImageBuffer(), new ImageBuffer(), new BilinearResize());
        for (int i = 0; i < 300; i++)
        {
            int Size() => s_sizes[random.Next(s_sizes.Length)];
            Fill(image, Size(), Size(), random, extreme: false);
            var plan = new ResizePlan(Inside(image.Width, image.Height, random), Size(), Size(), default);
            plan = plan with { Window = Inside(plan.Width, plan.Height, random) };
            Fill(other, image.Width, image.Height, random, extreme: true);
            Box needed = plan.Needed;
            for (int y = needed.Top; y < needed.Top + needed.Height; y++)
            {
                int at = (y * image.Width + needed.Left) * ImageBuffer.PixelBytes, bytes = needed.Width * ImageBuffer.PixelBytes;
                image.Pixels.Slice(at, bytes).CopyTo(other.Pixels[at..]);
            }
            byte[] Made(ImageBuffer from)
            {
                var pixels = new byte[plan.Window.Width * plan.Window.Height * Channels];
                resize.Resize(from, plan, pixels);
                return pixels;
            }
            Assert.True(Made(image).AsSpan().SequenceEqual(Made(other)), $"seed 11, case {i}: {plan}, {needed}");
        }
        Assert.Equal(new Box(61, 0, 377, 375), ResizePlan.Centre(500, 375, 256, 256).Needed);
    }

    // 256 bright pixels to one: the sum's largest value, which must not become 256.
    [Fact]
    public void White_stays_white_and_black_black()
    {
        var (image, resize) = (new ImageBuffer(), new BilinearResize());
        foreach (byte level in new byte[] { 0, 255 })
        {
            image.Begin(997, 331).Fill(level);
            var pixels = new byte[13 * 7 * Channels];
            resize.Resize(image, new ResizePlan(new Box(0, 0, 997, 331), 13, 7, new Box(0, 0, 13, 7)), pixels);
            Assert.All(pixels, pixel => Assert.Equal(level, pixel));
        }
    }

    [Fact]
    public void The_same_size_is_the_same_image()
    {
        var image = new ImageBuffer();
        Fill(image, 37, 29, new Random(3), extreme: false);
        var pixels = new byte[37 * 29 * Channels];
        new BilinearResize().Resize(image, new ResizePlan(new Box(0, 0, 37, 29), 37, 29, new Box(0, 0, 37, 29)), pixels);
        for (int i = 0; i < pixels.Length; i++)
            Assert.Equal(image.Pixels[i / Channels * ImageBuffer.PixelBytes + i % Channels], pixels[i]);
    }

    [Theory]
    [InlineData(0, 0, 11, 5)]
    [InlineData(3, 0, 8, 5)]
    [InlineData(0, 0, 10, 0)]
    [InlineData(-1, 0, 4, 4)]
    [InlineData(int.MaxValue, 0, int.MaxValue, 1)]
    public void A_part_that_is_not_inside_is_refused(int left, int top, int width, int height)
    {
        var image = new ImageBuffer();
        image.Begin(10, 5);
        var plan = new ResizePlan(new Box(left, top, width, height), 4, 4, new Box(0, 0, 4, 4));
        Assert.Throws<ArgumentException>(() => new BilinearResize().Resize(image, plan, new byte[48]));
    }

    private static void Check(ImageBuffer image, ResizePlan plan, BilinearResize resize, string what)
    {
        byte[] Made(Action<byte[]> make)
        {
            var guarded = new byte[plan.Window.Width * plan.Window.Height * Channels];
            guarded.AsSpan().Fill(0xA5);
            make(guarded);
            return guarded;
        }
        byte[] expected = Made(to => BilinearDefinition.Resize(image, plan, to));
        string words = $"{what}: {image.Width} x {image.Height}, {plan}";
        Assert.True(expected.AsSpan().SequenceEqual(Made(to => resize.Resize<Lanes16>(image, plan, to))), words + ", 16 lanes");
        Assert.True(expected.AsSpan().SequenceEqual(Made(to => resize.Resize<Lanes8>(image, plan, to))), words + ", 8 lanes");
        Assert.True(expected.AsSpan().SequenceEqual(Made(to => resize.Resize<Lanes4>(image, plan, to))), words + ", 4 lanes");
        Assert.True(expected.AsSpan().SequenceEqual(Made(to => resize.Resize(image, plan, to))), words);
    }

    private static void Fill(ImageBuffer image, int width, int height, Random random, bool extreme)
    {
        Span<byte> pixels = image.Begin(width, height);
        random.NextBytes(pixels);
        if (extreme)
        {
            foreach (ref byte level in pixels)
                level = level < 128 ? (byte)0 : (byte)255;
        }
    }

    private static Box Inside(int width, int height, Random random)
    {
        int wide = random.Next(1, width + 1), high = random.Next(1, height + 1);
        return new Box(random.Next(width - wide + 1), random.Next(height - high + 1), wide, high);
    }
}
