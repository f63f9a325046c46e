using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Engine.Tests.Cuda;
using ReSTE.Native.Networks;
using ReSTE.Native.Tapes;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Embedding;

/// <summary>What somebody who embeds the library brings along: a network, arrays, a recipe. Small and quick to learn.</summary>
internal static class Stripes
{
    public const int TestImages = 50;

    public static readonly ImageShape Shape = new(8, 8, 2);

    public static readonly (byte[] Pixels, int[] Labels) Train = Draw(160, 1), Test = Draw(TestImages, 2);

    public static Recipe Recipe { get; } = new() { Epochs = 2, BatchSize = 32, BatchSizeTest = 16, LearningRate = 0.05, Seed = 5 };

    public static Network Network { get; } = new("stripes-net", (net, images, classes) =>
    {
        Value x = net.Conv("stem", images, 8, kernel: 3, stride: 1, padding: 1, Initialisation.HeNormal(18));
        x = net.ReluBatchNorm("stem-norm", x);
        x = net.BinaryUnit("conv1", "norm1", x, 16, kernel: 3, stride: 2, padding: 1, Initialisation.HeNormal(72));
        x = net.BinaryUnit("conv2", "norm2", x, 16, kernel: 3, stride: 1, padding: 1, Initialisation.HeNormal(144), shortcut: x);
        return net.Linear("classifier", net.AveragePool("pool", x), classes, Initialisation.PyTorchDefault(16), Initialisation.Constant(0));
    });

    /// <summary>The devices an embedded network runs on; the GPU under test where there is one.</summary>
    public static TheoryData<string> Devices => ["cpu", "reference", "cuda"];

    public static DataSplits Data => new(Dataset.FromArrays("stripes", Train.Pixels, Train.Labels, Shape, 3),
        Dataset.FromArrays("stripes", Test.Pixels, Test.Labels, Shape, 3),
        new Preprocessing([0.5f, 0.4f], [0.25f, 0.3f], CropPadding: 1, Flip: false));

    public static Device Open(string device)
    {
        if (device == "cuda")
            GpuUnderTest.Require();
        return device switch { "cpu" => new CpuDevice(1), "reference" => new ReferenceDevice(), _ => GpuUnderTest.OpenToTrain() };
    }

    /// <summary>The report of the next epoch.</summary>
    public static EpochReport Next(this Trainer trainer) => trainer.RunEpoch(null, TestContext.Current.CancellationToken);

    /// <summary>Noise over stripes that lie, stand, or are not there.</summary>
    private static (byte[] Pixels, int[] Labels) Draw(int count, int seed)
    {
        var random = new Random(seed);
        int[] labels = [.. Enumerable.Range(0, count).Select(_ => random.Next(3))];
        return ([.. labels.SelectMany(label => Enumerable.Range(0, Shape.Bytes),
            (label, i) => (byte)(random.Next(160) + Bright(label, i / 2) * 95))], labels);
    }

    private static int Bright(int label, int pixel) => label == 2 ? 0 : (label == 0 ? pixel / 8 : pixel % 8) / 2 % 2;
}
