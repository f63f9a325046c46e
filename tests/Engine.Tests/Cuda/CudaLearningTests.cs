using System.Globalization;
using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Engine.Tests.Training;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Cuda;

/// <summary>
/// Training is chaotic: after some steps two devices have other weights, as two seeds have. So a short run on the GPU is held to the spread
/// of CPU runs that differ in their seed.
/// </summary>
[Trait("Category", "Device")]
public sealed class CudaLearningTests
{
    private const int Images = 512, Side = 16, CpuSeeds = 4;

    private static readonly Recipe s_recipe = new() { Epochs = 3, BatchSize = 32, BatchSizeTest = 20, LearningRate = 0.05 };

    [Fact]
    public void Three_epochs_on_512_images_lie_within_the_spread_of_the_cpu()
    {
        GpuUnderTest.Require();
        double[][] cpu = [.. Enumerable.Range(1, CpuSeeds).Select(seed => Losses(seed, new CpuDevice(2)))];
        double[] cuda = Losses(1, GpuUnderTest.OpenToTrain());
        for (int epoch = 0; epoch < cuda.Length; epoch++)
        {
            double[] losses = [.. cpu.Select(run => run[epoch])];
            double mean = losses.Average(), deviation = Math.Sqrt(losses.Sum(l => (l - mean) * (l - mean)) / (CpuSeeds - 1));
            // One run against the mean of k: four deviations of that difference.
            double limit = 4 * deviation * Math.Sqrt(1 + 1.0 / CpuSeeds);
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"epoch {epoch}: cpu {mean:f4} +- {deviation:f4}, cuda {cuda[epoch]:f4}, limit {limit:f4}"));
            Assert.True(Math.Abs(cuda[epoch] - mean) <= limit, string.Create(CultureInfo.InvariantCulture,
                $"epoch {epoch}: training loss {cuda[epoch]:f4} on cuda, {mean:f4} +- {deviation:f4} on the cpu, limit {limit:f4}"));
        }

        Assert.True(cuda[^1] < cuda[0] - 0.1, $"nothing was learned: {string.Join(' ', cuda)}");
    }

    private static double[] Losses(int seed, Device device)
    {
        using (device)
        {
            using var trainer = new Trainer(s_recipe with { Seed = (ulong)seed }, device, TinyImages.Splits(Images, Side));
            var losses = new List<double>();
            while (!trainer.IsFinished)
                losses.Add(trainer.RunEpoch(null, CancellationToken.None).Train.Loss);
            return [.. losses];
        }
    }
}
