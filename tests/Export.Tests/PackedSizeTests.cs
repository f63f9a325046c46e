using ReSTE.Native.Datasets;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Packed;
using ReSTE.Native.Training;

namespace ReSTE.Native.Export.Tests;

/// <summary>How much smaller a packed file is than the network's parameters and statistics as singles: the table in the README.</summary>
public sealed class PackedSizeTests
{
    private static readonly ImageShape s_small = new(32, 32, 3), s_large = new(224, 224, 3);

    [Theory(Explicit = true)]
    [Trait("Category", "Long")]
    [InlineData("resnet20_1w1a", "cifar10", 23, 26)]
    [InlineData("vgg_small_1w1a", "cifar10", 20, 27)]
    [InlineData("resnet18_1w1a", "cifar10", 20, 27)]
    [InlineData("resnet18_1w1a", "imagenet", 11, 22)]
    [InlineData("resnet34_1w1a", "imagenet", 15.5, 25)]
    public void It_is_a_small_part_of_the_network(string model, string dataset, double leastSingles, double leastBytes)
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var (shape, classes) = dataset == "imagenet" ? (s_large, 1000) : (s_small, 10);
        try
        {
            Save(path, new Recipe { Model = model, Dataset = dataset, BatchSize = 2, BatchSizeTest = 2 }, shape, classes);
            using ExportSource source = ExportSource.Open(path, threads: 1, () => throw new InvalidOperationException("it is ours"));
            string[] names = [.. Enumerable.Range(0, classes).Select(i => $"class {i}")];
            double[] shares = [.. new[] { false, true }.Select(whole =>
                sizeof(float) * (double)source.Numbers / PackedFile.Write(Folding.Of(source, names, whole)).Length)];
            Console.WriteLine(FormattableString.Invariant($"{model} {dataset}: 1/{shares[0]:f2}, with bytes 1/{shares[1]:f2}"));
            Assert.True(shares[0] >= leastSingles && shares[1] >= leastBytes);
        }
        finally
        {
            File.Delete(path);
        }
    }

    // As it starts: a size does not depend on what was learnt.
    private static void Save(string path, Recipe recipe, ImageShape shape, int classes)
    {
        Dataset data = Dataset.FromArrays("made up", new byte[2 * shape.Bytes], [0, 1], shape, classes);
        using var device = new CpuDevice(1);
        using var trainer = new Trainer(recipe, device,
            new DataSplits(data, data, new Preprocessing([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f], 0, false)));
        trainer.SaveWeights(path);
    }
}
