using ReSTE.Native.Datasets;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Training;

namespace ReSTE.Native.Export.Tests;

/// <summary>Checkpoints of catalogued networks, trained for a few steps on images made up for it: nothing in them is as it began.</summary>
internal static class Checkpoints
{
    private const int Images = 24, Classes = 10;

    /// <summary>Trains one, and opens it.</summary>
    /// <param name="model">Of CIFAR.</param>
    /// <param name="change">What else its recipe says.</param>
    /// <param name="threads">Threads that the engine runs it on.</param>
    public static ExportSource Source(string model, Func<Recipe, Recipe>? change = null, int threads = 1)
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".safetensors");
        try
        {
            Write(path, model, change);
            return ExportSource.Open(path, threads, () => throw new InvalidOperationException("it is a checkpoint of this program"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Trains one.</summary>
    public static void Write(string path, string model, Func<Recipe, Recipe>? change = null)
    {
        var shape = new ImageShape(32, 32, 3);
        byte[] pixels = Pixels(Images, shape, seed: 1);
        int[] labels = [.. Enumerable.Range(0, Images).Select(i => i % Classes)];
        Dataset data = Dataset.FromArrays("made up", pixels, labels, shape, Classes);
        var recipe = new Recipe
        {
            Model = model,
            Dataset = "cifar10",
            Epochs = 1,
            BatchSize = 8,
            BatchSizeTest = 8,
            LearningRate = 0.05,
        };
        using var device = new CpuDevice(2);
        using var trainer = new Trainer(change?.Invoke(recipe) ?? recipe, device,
            new DataSplits(data, data, new Preprocessing([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f], 4, true)));
        trainer.RunEpoch(null, default);
        trainer.Save(path);
    }

    /// <summary>Images with soft stripes and some noise.</summary>
    public static byte[] Pixels(int count, ImageShape shape, int seed)
    {
        var random = new Random(seed);
        var pixels = new byte[count * shape.Bytes];
        for (int n = 0; n < count; n++)
        {
            double along = random.NextDouble() * 0.6, across = random.NextDouble() * 0.6;
            for (int i = 0; i < shape.Bytes; i++)
            {
                int pixel = i / shape.Channels;
                double wave = Math.Sin(pixel % shape.Width * along + pixel / shape.Width * across + i % shape.Channels);
                pixels[n * shape.Bytes + i] = (byte)(120 + 80 * wave + random.Next(56));
            }
        }

        return pixels;
    }
}
