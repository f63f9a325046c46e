using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Engine.Tests.Cuda;
using ReSTE.Native.Export.Tests;
using ReSTE.Native.Gpu;
using ReSTE.Native.Packed;
using static ReSTE.Native.Inference.Tests.BinaryModelTests;

namespace ReSTE.Native.Inference.Tests;

/// <summary>Packed networks on a GPU, or on the emulator: the bits of the definition, one graph a batch.</summary>
[Trait("Category", "Device")]
public class GpuModelTests
{
    // The ways in which tensor cores multiply signs, the GPU's own first, and none.
    private static readonly string[] s_ways = ["own", "xor", "int8", "plain"];

    // Sizes that suit tensor cores, and such that do not.
    public static TheoryData<int, int, int, string> Cases
    {
        get
        {
            var cases = new TheoryData<int, int, int, string>();
            foreach (string way in s_ways)
            {
                cases.Add(8, 16, 3, way);
                cases.Add(12, 40, 5, way);
            }

            cases.Add(8, 1, 3, "own");
            cases.Add(8, 33, 7, "own");
            cases.Add(4, 65, 1, "own");
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_gpu_gives_the_bits_of_the_definition(int side, int channels, int stem, string way)
    {
        PackedNetwork network = new EveryLayer(channels).Residual(side, channels, stem, wholeReals: channels % 2 == 0);
        byte[] images = RandomNetworks.Images(network, 3);
        AssertEveryOrder(network, images, Expected(network, images), way);
    }

    [Fact]
    public void Drawn_networks_are_the_same()
    {
        for (int seed = 1; seed <= 16; seed++)
        {
            PackedNetwork network = RandomNetworks.Of(seed);
            byte[] images = RandomNetworks.Images(network, 3);
            float[] expected = Expected(network, images);
            foreach (string way in s_ways)
                AssertEveryOrder(network, images, expected, way);
        }
    }

    [Fact]
    public void A_call_of_any_size_is_as_many_graphs_as_batches()
    {
        var random = new EveryLayer(5);
        PackedNetwork network = random.Residual(8, 16, 3);
        byte[] images = random.Images(network, 23);
        float[] expected = Expected(network, images);
        using BinaryModel model = Open(network, batch: 5);
        for (int round = 0; round < 2; round++)
            for (int count = 1; count <= 23; count += count < 7 ? 1 : 4)
            {
                long graphs = Count("graph_launches"), launches = Count("launches");
                float[] scores = Scores(model, images[..(count * model.ImageBytes)]);
                Assert.Equal(expected[..scores.Length], scores);
                Assert.True(!Emulator.IsLoaded || Count("graph_launches") - graphs == (count + 4) / 5);
                // Recorded in the first round.
                Assert.True(round == 0 || Count("launches") == launches);
            }
    }

    [Fact]
    public void Many_threads_may_ask_at_once()
    {
        var random = new EveryLayer(6);
        PackedNetwork network = random.Residual(8, 17, 3);
        byte[] images = random.Images(network, 9);
        using var cpu = BinaryModel.Of(network, threads: 1, 32);
        int[] expected = cpu.Predict(images);
        using BinaryModel model = Open(network, batch: 4);
        Parallel.For(0, 24, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            int count = 1 + i % 9;
            Assert.Equal(expected[..count], model.Predict(images.AsSpan(0, count * model.ImageBytes)));
        });
    }

    [Fact]
    public void A_call_allocates_nothing()
    {
        var random = new EveryLayer(7);
        PackedNetwork network = random.Residual(8, 16, 3);
        byte[] images = random.Images(network, 9);
        using BinaryModel model = Open(network, batch: 4);
        var (labels, scores) = (new int[9], new float[9 * model.Classes.Count]);
        long allocated = long.MaxValue, onDevice = long.MaxValue;
        // The first calls compile and record.
        for (int i = 0; i < 3; i++)
        {
            long beforeOnDevice = Allocations(), before = GC.GetAllocatedBytesForCurrentThread();
            model.Predict(images, labels);
            model.Predict(images.AsSpan(0, model.ImageBytes), labels);
            model.Scores(images, scores);
            model.Probabilities(images, scores);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            onDevice = Allocations() - beforeOnDevice;
        }

        Assert.Equal((0, 0), (allocated, onDevice));
    }

    [Fact]
    public void A_closed_model_has_given_everything_back()
    {
        var random = new EveryLayer(8);
        PackedNetwork network = random.Residual(8, 16, 3);
        byte[] images = random.Images(network, 9);
        GpuUnderTest.Require();
        long before = Count("bytes");
        BinaryModel model = Open(network, batch: 4);
        model.Predict(images);
        Assert.Contains("cuda:0: ", model.Device);
        Assert.Contains("4 images at a time", model.Device);
        model.Dispose();
        model.Dispose();
        Assert.Equal(before, Count("bytes"));
        Assert.Throws<ObjectDisposedException>(() => model.Predict(images));
    }

    [Fact]
    public void What_a_gpu_cannot_do_is_said()
    {
        var random = new EveryLayer(9);
        PackedNetwork network = random.Residual(8, 16, 3);
        byte[] file = PackedFile.Write(network);
        GpuUnderTest.Require();
        string why = BinaryModel.WhyNoCuda(63)!;
        Assert.StartsWith("there is no GPU 63, this machine has ", why, StringComparison.Ordinal);
        Assert.Equal($"cuda:63: {why}", Assert.Throws<GpuException>(() => BinaryModel.ReadCuda(file, 63)).Message);
        Assert.Contains("there are no kernels to run: the folder /none does not exist",
            Assert.Throws<GpuException>(() => BinaryModel.ReadCuda(file, 0, 0, "/none")).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => BinaryModel.ReadCuda(file, 0, -1));
        Exception problem = Assert.Throws<GpuException>(() => Open(network, batch: int.MaxValue));
        Assert.Contains("images at a time have more numbers than kernels can count", problem.Message);
    }

    [Fact]
    public void A_gpu_that_is_too_small_is_said_and_left_as_it_was()
    {
        GpuUnderTest.Require();
        Assert.SkipUnless(GpuUnderTest.IsEmulated, "how much memory a GPU has is its own business");
        PackedNetwork network = new EveryLayer(9).Residual(8, 16, 3);
        long before = Count("bytes");
        Exception problem = Assert.Throws<GpuException>(() => Open(network, batch: 1_000_000));
        Assert.Contains("CUDA_ERROR_OUT_OF_MEMORY", problem.Message);
        Assert.Contains("for values of images", problem.Message);
        Assert.Equal(before, Count("bytes"));
    }

    // Room for these images and no more. Values that share memory show whether one lies where another is still read; where each has memory
    // of its own, a sanitizer sees what leaves it.
    private static void AssertEveryOrder(PackedNetwork network, byte[] images, float[] expected, string way)
    {
        int count = images.Length / network.Input.Bytes;
        using BinaryModel shared = Open(network, count, way), apart = Open(network, count, way, isApart: true);
        foreach (string order in GpuUnderTest.Orders)
        {
            Emulator.Order(order);
            BinaryModel model = order == GpuUnderTest.Orders[0] ? shared : apart;
            Assert.True(expected.AsSpan().SequenceEqual(Scores(model, images)), $"{network.Name}, {way}, {order}");
        }

        Emulator.Order(GpuUnderTest.Orders[0]);
    }

    private static BinaryModel Open(PackedNetwork network, int batch, string way = "own", bool isApart = false)
    {
        GpuUnderTest.Require();
        return BinaryModel.OfCuda(network, new GpuChoice(0, batch, GpuUnderTest.KernelFolder)
        {
            IsPlain = way == "plain",
            IsApart = isApart,
            Form = way switch { "xor" => SignForm.Xor, "int8" => SignForm.Int8, _ => null },
        });
    }

    private static float[] Expected(PackedNetwork network, byte[] images) =>
        [.. PackedReference.Logits(network, images).SelectMany(scores => scores)];

    private static long Allocations() => Count("allocations") + Count("host_allocations");

    // A GPU counts nothing.
    private static long Count(string what) => Emulator.IsLoaded ? Emulator.Count(what) : 0;
}
