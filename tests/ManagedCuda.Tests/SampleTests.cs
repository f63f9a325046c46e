using ReSTE.Native.Datasets;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Engine.Tests.Cuda;
using ReSTE.Native.Package.Tests;
using ReSTE.Native.Training;

namespace ReSTE.Native.ManagedCuda.Tests;

/// <summary>The sample in samples/EmbedManagedCuda, built beside the tests, and the document that shows it.</summary>
public sealed class SampleTests
{
    [Fact]
    [Trait("Category", "Device")]
    public void It_says_what_the_network_says()
    {
        GpuUnderTest.Require();
        using var folder = new TemporaryFolder();
        string checkpoint = folder.File("network.safetensors");
        float[] expected = Train(checkpoint);
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "EmbedManagedCuda.dll"), checkpoint];
        if (GpuUnderTest.KernelFolder is { } kernels)
            arguments = [.. arguments, kernels];
        string line = Assert.Single(
            DotnetProcess.Run(folder.Path, [("RESTE_LIBCUDA", CudaDevices.Probe().Library)], arguments));
        Assert.StartsWith("scores of the first image: ", line, StringComparison.Ordinal);
        float[] actual = [.. line.Split(' ')[5..].Select(float.Parse)];
        Assert.Equal(expected.Length, actual.Length);
        // Three decimals, and single precision on another device.
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 2e-3f));
    }

    [Fact]
    public void The_document_shows_it_as_it_is()
    {
        string document = File.ReadAllText(Repository.At("docs", "embedding.md"));
        string sample = File.ReadAllText(Repository.At("samples", "EmbedManagedCuda", "Program.cs"));
        Assert.Contains($"```csharp\n{sample}```", document.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    /// <summary>Saves an untrained network, and says what it says of a grey image.</summary>
    private static float[] Train(string checkpoint)
    {
        var shape = new ImageShape(8, 8, 3);
        var images = Dataset.FromArrays("cifar10", new byte[10 * shape.Bytes], [.. Enumerable.Range(0, 10)], shape, classes: 10);
        using var device = new CpuDevice(1);
        using var trainer = new Trainer(new Recipe { Epochs = 1, BatchSize = 5, BatchSizeTest = 5 }, device,
            new DataSplits(images, images, new Preprocessing([0.5f, 0.5f, 0.5f], [0.25f, 0.25f, 0.25f], CropPadding: 0, Flip: false)));
        trainer.Save(checkpoint);
        using Predictor predictor = trainer.NewPredictor(1);
        return predictor.Logits([.. Enumerable.Repeat((byte)128, shape.Bytes)])[0];
    }
}
