using ReSTE.Native.Devices;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Bytes to a batch: which images, cropped and mirrored how, normalised.</summary>
public sealed class ImageBatchTests
{
    private const int Seed = 30, Images = 23;

    private static readonly double[] Mean = [0.485, 0.456, 0.406], Deviation = [0.229, 0.224, 0.225];

    // Batch, height, width, padding, flip.
    public static TheoryData<int, int, int, int, bool> Sizes => new()
    {
        { 1, 1, 1, 0, false }, { 2, 3, 5, 0, true }, { 3, 7, 2, 1, false }, { 17, 8, 9, 4, true }, { 5, 2, 3, 4, true },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Every_device_agrees(int batch, int height, int width, int padding, bool flip) =>
        Comparison.Run(Seed, bench => Define(bench, new Shape(batch, height, width, 3), padding, flip, 3, 2, 42));

    [Fact]
    public void Without_padding_and_flip_pixels_are_normalised_in_place() => Comparison.OnEveryDevice(device =>
    {
        var outputs = Run(device, new Shape(4, 5, 3, 3), 0, false, 2, 9, 1);
        for (int i = 0; i < outputs["x"].Length; i++)
        {
            int image = Order(i / 45 + 2), c = i % 3;
            double expected = (Pixels(45)[image * 45 + i % 45] / 255.0 - Mean[c]) / Deviation[c];
            Assert.Equal(expected, outputs["x"][i], 1e-6);
        }

        Assert.Equal([.. Enumerable.Range(2, 4).Select(r => (double)Label(Order(r)))], outputs["y"]);
    });

    // What an image looks like depends on seed, epoch and its number: not on its place in the batch, nor on the batch's size.
    [Fact]
    public void Augmentation_depends_on_seed_epoch_and_number_alone() => Comparison.OnEveryDevice(device =>
    {
        int size = 8 * 8 * 3;
        double[] Image(int batch, long cursor, int row, long epoch, long seed) =>
            Run(device, new Shape(batch, 8, 8, 3), 4, true, cursor, epoch, seed)["x"].AsSpan(row * size, size).ToArray();
        double[] image = Image(6, 0, 5, 3, 42);
        Assert.Equal(image, Image(2, 4, 1, 3, 42));
        Assert.Equal(image, Image(1, 5, 0, 3, 42));
        Assert.NotEqual(image, Image(1, 5, 0, 4, 42));
        Assert.NotEqual(image, Image(1, 5, 0, 3, 43));
    });

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Offsets_cover_every_place_of_the_crop(int padding)
    {
        var rows = new HashSet<int>();
        var columns = new HashSet<int>();
        int flips = 0;
        for (int image = 0; image < 400; image++)
        {
            CropFlip draw = CropFlip.Draw(1, 0, image, padding, flip: true);
            rows.Add(draw.Row);
            columns.Add(draw.Column);
            flips += draw.Flip ? 1 : 0;
        }

        Assert.Equal(Enumerable.Range(0, 2 * padding + 1), rows.Order());
        Assert.Equal(Enumerable.Range(0, 2 * padding + 1), columns.Order());
        Assert.InRange(flips, 150, 250);
    }

    [Fact]
    public void Each_part_off_is_the_identity_of_that_part()
    {
        for (int image = 0; image < 50; image++)
        {
            Assert.False(CropFlip.Draw(1, 0, image, 4, flip: false).Flip);
            Assert.Equal((0, 0), (CropFlip.Draw(1, 0, image, 0, flip: true).Row, CropFlip.Draw(1, 0, image, 0, flip: true).Column));
            Assert.Equal(default, CropFlip.Draw(1, 0, image, 0, flip: false));
        }
    }

    // Row r, column q of the crop is row r + Row - p and column q + Column - p of the image, zero bytes outside, columns reversed after.
    [Fact]
    public void Pixels_come_from_where_the_draw_says() => Comparison.OnEveryDevice(device =>
    {
        double[] x = Run(device, new Shape(9, 5, 4, 3), 2, true, 0, 7, 5)["x"];
        for (int i = 0; i < x.Length; i++)
        {
            int c = i % 3, q = i / 3 % 4, r = i / 12 % 5, image = Order(i / 60);
            CropFlip draw = CropFlip.Draw(5, 7, image, 2, flip: true);
            int row = r + draw.Row - 2, column = (draw.Flip ? 3 - q : q) + draw.Column - 2;
            int pixel = row is < 0 or > 4 || column is < 0 or > 3 ? 0 : Pixels(60)[image * 60 + (row * 4 + column) * 3 + c];
            Assert.Equal((pixel / 255.0 - Mean[c]) / Deviation[c], x[i], 1e-6);
        }
    });

    // A ring of seven places holds what the next steps read; the place of an image is its place in the order, its draw is by its number.
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(12)]
    public void A_ring_gives_what_the_whole_set_gives(long cursor) => Comparison.OnEveryDevice(device =>
    {
        var shape = new Shape(4, 8, 9, 3);
        var whole = Run(device, shape, 4, true, cursor, 2, 42);
        var ring = Comparison.Outputs(device, Seed, bench => Define(bench, shape, 4, true, cursor, 2, 42, ring: 7));
        Assert.Equal(whole["x"], ring["x"]);
        Assert.Equal(whole["y"], ring["y"]);
    });

    private static int NumberAt(int place, long cursor, int batch, int ring)
    {
        for (int row = 0; row < batch; row++)
        {
            if ((cursor + row) % ring == place)
                return Order((int)cursor + row);
        }

        return -1;
    }

    private static int Order(int row) => (row * 5 + 11) % Images;

    private static int Label(int image) => (image * 3 + 1) % 10;

    private static byte[] Pixels(int size) =>
        [.. SampleValues.Fill(Seed, "images", (long)Images * size, r => r.Next(256)).Select(v => (byte)v)];

    private static Dictionary<string, double[]> Run(
        Device device, Shape shape, int padding, bool flip, long cursor, long epoch, long seed) =>
        Comparison.Outputs(device, Seed, bench => Define(bench, shape, padding, flip, cursor, epoch, seed));

    private static Action<IKernels> Define(KernelBench bench, Shape shape, int padding, bool flip, long cursor, long epoch, long seed,
        int ring = 0)
    {
        int size = shape[1] * shape[2] * shape[3];
        double[] normalisation =
            [.. Deviation.Select(d => (double)(float)(1 / (255 * d))), .. Mean.Zip(Deviation, (m, d) => (double)(float)(-m / d))];
        // The place of each image: its number, or in a ring where the order brings it; other places hold nothing that is read.
        int[] places = ring == 0
            ? [.. Enumerable.Range(0, Images)]
            : [.. Enumerable.Range(0, ring).Select(place => NumberAt(place, cursor, shape[0], ring))];
        byte[] pixels = Pixels(size);
        Tensor images = bench.Input("images", new Shape(places.Length, shape[1], shape[2], shape[3]), ElementType.UInt8,
            [.. places.SelectMany(number => number < 0 ? new byte[size] : pixels[(number * size)..((number + 1) * size)])]);
        Tensor labels = bench.Input("labels", new Shape(places.Length), ElementType.Int32,
            [.. places.Select(number => number < 0 ? -1 : Label(number))]);
        Tensor order = bench.Input("order", new Shape(Images), ElementType.Int32, [.. Enumerable.Range(0, Images).Select(Order)]);
        Tensor counters = bench.Input("counters", new Shape(3), ElementType.Int64, [cursor, epoch, seed]);
        Tensor scale = bench.Input("normalisation", new Shape(2, 3), normalisation);
        Tensor x = bench.Output("x", shape, Tolerances.FewRoundings);
        Tensor y = bench.Output("y", new Shape(shape[0]), ElementType.Int32, Tolerances.Exact);
        return kernels => kernels.ImageBatch(images, labels, order, counters, scale, ring > 0, padding, flip, x, y);
    }
}
