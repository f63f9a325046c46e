using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Estimators;
using ReSTE.Native.Networks;
using ReSTE.Native.Tapes;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Batches;

/// <summary>A small binary network on bytes of CIFAR's shape, whole batches and a smaller last one, cropped and mirrored.</summary>
internal static class CifarShaped
{
    public const int Images = 44, Batch = 16;

    private static readonly ImageShape s_shape = new(32, 32, 3);

    private static readonly Network s_network = new("small", (net, image, classes) =>
    {
        Value x = net.ReluBatchNorm("bn1", net.Conv("conv1", image, 8, kernel: 3, stride: 2, padding: 1, Initialisation.HeNormal(27)));
        x = net.BinaryUnit("conv2", "bn2", x, 16, kernel: 3, stride: 2, padding: 1, Initialisation.HeNormal(72));
        return net.Linear("fc", net.AveragePool("pool", x), classes, Initialisation.PyTorchDefault(16), Initialisation.Constant(0));
    });

    public static Recipe Recipe { get; } =
        new() { Model = "small", Epochs = 3, BatchSize = Batch, BatchSizeTest = 8, LearningRate = 0.05, Seed = 11 };

    /// <summary>A trainer that reads with a number of threads ahead of its steps, or from the device's memory where it is null.</summary>
    public static Trainer NewTrainer(Device device, int? threads, Func<int, byte[], int>? read = null) =>
        new(new TrainingPlan(Recipe, Splits(read ?? Read), s_network, new Reste()) { ReadingThreads = threads }, device);

    /// <summary>The bytes of an image, a function of its number alone; returns its label.</summary>
    public static int Read(int index, byte[] pixels)
    {
        new Random(index).NextBytes(pixels);
        return index % 10;
    }

    private static DataSplits Splits(Func<int, byte[], int> read) =>
        new(new Drawn(Images, read), new Drawn(20, (index, pixels) => Read(1000 + index, pixels)), Preprocessing.Published);

    private sealed class Drawn(int count, Func<int, byte[], int> read) : Dataset
    {
        public override string Name => "drawn";
        public override int Count => count;
        public override int Classes => 10;
        public override ImageShape Shape => s_shape;

        public override int Read(int index, Span<byte> pixels)
        {
            var image = new byte[s_shape.Bytes];
            int label = read(index, image);
            image.CopyTo(pixels);
            return label;
        }
    }
}
