using ReSTE.Native.Export.Tests;
using ReSTE.Native.Packed;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Inference.Tests;

public class BinaryModelTests
{
    private static readonly int[] s_widths = [.. new[] { 512, 256, 128, 32 }.Where(bits => bits <= VectorWidth.Widest)];

    [Theory]
    [InlineData(8, 1, 3)]
    [InlineData(8, 16, 3)]
    [InlineData(12, 31, 5)]
    [InlineData(8, 33, 7)]
    [InlineData(4, 65, 1)]
    [InlineData(16, 48, 3)]
    public void Every_width_gives_the_bits_of_the_definition(int side, int channels, int stem)
    {
        var random = new EveryLayer(channels);
        PackedNetwork network = random.Residual(side, channels, stem, wholeReals: channels % 2 == 0);
        byte[] images = random.Images(network, 3);
        AssertEveryWidth(network, images);
    }

    [Fact]
    public void Drawn_networks_are_the_same_at_every_width()
    {
        for (int seed = 1; seed <= 40; seed++)
        {
            PackedNetwork network = RandomNetworks.Of(seed);
            AssertEveryWidth(network, RandomNetworks.Images(network, 3));
        }
    }

    private static void AssertEveryWidth(PackedNetwork network, byte[] images)
    {
        float[] expected = [.. PackedReference.Logits(network, images).SelectMany(scores => scores)];
        foreach (int bits in s_widths)
        {
            using var model = BinaryModel.Of(network, threads: 1, bits);
            Assert.True(expected.AsSpan().SequenceEqual(Scores(model, images)), $"{network.Name}, vectors of {bits} bits");
        }
    }

    [Fact]
    public void Threads_and_batches_change_no_bit()
    {
        var random = new EveryLayer(5);
        PackedNetwork network = random.Residual(8, 16, 3);
        byte[] images = random.Images(network, 37);
        byte[] file = PackedFile.Write(network);
        using var alone = BinaryModel.Read(file, threads: 1);
        float[] expected = Scores(alone, images);
        using var shared = BinaryModel.Read(file, threads: 3);
        Assert.Equal(expected, Scores(shared, images));
        float[] single = [.. images.Chunk(alone.ImageBytes).SelectMany(image => Scores(shared, image))];
        Assert.Equal(expected, single);
    }

    [Fact]
    public void Many_threads_may_ask_at_once()
    {
        var random = new EveryLayer(6);
        PackedNetwork network = random.Residual(8, 17, 3);
        byte[] images = random.Images(network, 24);
        using var model = BinaryModel.Of(network, threads: 2, VectorWidth.Widest);
        int[] expected = model.Predict(images);
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            int count = 1 + i % 24;
            Assert.Equal(expected[..count], model.Predict(images.AsSpan(0, count * model.ImageBytes)));
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_call_allocates_nothing(int threads)
    {
        var random = new EveryLayer(7);
        PackedNetwork network = random.Residual(8, 16, 3);
        byte[] images = random.Images(network, 5);
        using var model = BinaryModel.Of(network, threads, VectorWidth.Widest);
        var (labels, scores) = (new int[5], new float[5 * model.Classes.Count]);
        long allocated = long.MaxValue;
        // The first calls compile.
        for (int i = 0; i < 3; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            model.Predict(images, labels);
            model.Predict(images.AsSpan(0, model.ImageBytes), labels);
            model.Scores(images, scores);
            model.Probabilities(images, scores);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Labels_and_probabilities_are_those_of_the_scores()
    {
        var random = new EveryLayer(8);
        using var model = BinaryModel.Of(random.Residual(8, 16, 3), threads: 1, VectorWidth.Widest);
        byte[] images = random.Images(random.Residual(8, 16, 3), 9);
        float[][] scores = [.. Scores(model, images).Chunk(model.Classes.Count)];
        var probabilities = new float[9 * model.Classes.Count];
        model.Probabilities(images, probabilities);
        int[] labels = model.Predict(images);
        for (int i = 0; i < 9; i++)
        {
            float[] image = probabilities[(i * model.Classes.Count)..((i + 1) * model.Classes.Count)];
            Assert.Equal(1, image.Sum(), 5);
            Assert.Equal(Array.IndexOf(scores[i], scores[i].Max()), labels[i]);
            double e = Math.Exp(scores[i][2]) / scores[i].Sum(score => Math.Exp(score));
            Assert.Equal(e, image[2], 5);
        }
    }

    [Fact]
    public void Wrong_sizes_and_a_closed_model_are_refused()
    {
        var random = new EveryLayer(9);
        PackedNetwork network = random.Residual(8, 4, 3);
        var model = BinaryModel.Of(network, threads: 2, VectorWidth.Widest);
        var problem = Assert.Throws<ArgumentException>(() => model.Predict(new byte[100]));
        Assert.StartsWith("100 bytes are no whole number of images [8,8,3] of 192 bytes", problem.Message);
        Assert.Throws<ArgumentException>(() => model.Predict(new byte[2 * 192], new int[1]));
        Assert.Throws<ArgumentException>(() => model.Scores(new byte[192], new float[6]));
        Assert.Empty(model.Predict([]));
        model.Dispose();
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Predict(new byte[192]));
    }

    internal static float[] Scores(BinaryModel model, byte[] images)
    {
        var scores = new float[images.Length / model.ImageBytes * model.Classes.Count];
        model.Scores(images, scores);
        return scores;
    }
}
