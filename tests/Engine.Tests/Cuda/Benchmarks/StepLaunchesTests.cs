using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Engine.Tests.Training;
using ReSTE.Native.Networks;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Cuda.Benchmarks;

/// <summary>The launches of a step as a list, and one by one under a clock.</summary>
[Collection(nameof(WholeProcess))]
[Trait("Category", "Device")]
public sealed class StepLaunchesTests
{
    private static readonly Recipe s_recipe = TinyRun.Recipe with { BatchSize = 2, BatchSizeTest = 1, LearningRate = 0.01 };

    [Fact]
    public void A_listing_has_the_launches_of_the_step_and_takes_no_memory()
    {
        GpuUnderTest.Require();
        using CudaDevice device = GpuUnderTest.Open();
        // Launches that are recorded count with those that run, so only graphs and memory tell.
        long[] Counts() => GpuUnderTest.IsEmulated ? [Emulator.Count("allocations"), Emulator.Count("graph_launches")] : [];
        long[] before = Counts();
        // Images whose tensors would have more memory than any device.
        IReadOnlyList<KernelLaunch> launches = StepLaunches.Of(s_recipe with { BatchSize = 16384 }, device, TinyImages.Splits(16384));
        Assert.Equal(before, Counts());
        using var trainer = new Trainer(s_recipe, device, TinyImages.Splits(8));
        Assert.Equal(trainer.LaunchesPerStep, StepLaunches.Of(s_recipe, device, TinyImages.Splits(8)).Count);
        // Of a large batch each unit is finished by the next one.
        Assert.Equal(18, launches.Count(launch => launch.Kernel.StartsWith("unit_next_mma")));
        Assert.All(launches, launch => Assert.True(launch is { Block: > 0, GridX: > 0, GridY: > 0, GridZ: > 0, Work.Bytes: > 0 }));
        string[] layers = [.. launches.Select(launch => launch.Layer)];
        Assert.All(["images", "conv1", "layer1.0.conv1", "layer3.2.conv2", "linear", "parameters"], name => Assert.Contains(name, layers));
    }

    [Fact]
    public void Small_operations_at_both_ends_of_a_step_are_done_together()
    {
        GpuUnderTest.Require();
        using CudaDevice device = GpuUnderTest.Open();
        string[] kernels = [.. StepLaunches.Of(s_recipe, device, TinyImages.Splits(8)).Select(launch => launch.Kernel)];
        int loss = Array.IndexOf(kernels, "linear_loss");
        Assert.Equal(["average_pool_statistics", "linear_loss", "linear_gradients", "pool_gradient_sums_of_norm"],
            kernels[(loss - 1)..(loss + 3)]);
        Assert.Equal(["image_conv_weight_grad_of_norm", "sign_layers_gradient", "sign_layers_sgd_step"], kernels[^3..]);
        string[] gone = ["advance", "slice_sum", "sgd_step", "sign_layers_backward", "unit_gradient_sums"];
        Assert.DoesNotContain(kernels, gone.Contains);
        Assert.InRange(kernels.Length, 40, 78);
    }

    // Adam is no SGD, and real weights have no signs.
    [Theory]
    [InlineData("resnet20_1w1a", "adam", "adam_step")]
    [InlineData("resnet20", "sgd", "sgd_step")]
    public void Other_networks_and_optimisers_keep_theirs(string model, string optimiser, string update)
    {
        GpuUnderTest.Require();
        using CudaDevice device = GpuUnderTest.Open();
        Recipe recipe = s_recipe with { Model = model, Optimiser = optimiser };
        Assert.Contains(update, StepLaunches.Of(recipe, device, TinyImages.Splits(8)).Select(launch => launch.Kernel));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Multiply_adds_of_a_step_are_those_of_the_layers(bool onCpu)
    {
        if (!onCpu)
            GpuUnderTest.Require();
        using Device device = onCpu ? new CpuDevice(1) : GpuUnderTest.Open();
        IReadOnlyList<KernelLaunch> launches = StepLaunches.Of(s_recipe, device, TinyImages.Splits(8));
        IReadOnlyList<LayerInfo> layers =
            NetworkCatalog.Find(s_recipe.Dataset, s_recipe.Model).Summarize(new(32, 32, 3), classes: 10);
        long bits = 2 * layers.Where(l => l.IsBinary).Sum(l => l.MultiplyAdds);
        Assert.Equal(bits, launches.Sum(l => l.Work.Bits));
        Assert.Equal(2 * bits, launches.Sum(l => l.Work.Sign));
        // Forward and the weights' gradient of the first layer, and all three of the last.
        long[] real = [.. layers.Where(l => !l.IsBinary && l.MultiplyAdds > 0).Select(l => 2 * l.MultiplyAdds)];
        Assert.Equal(2 * real[0] + 3 * real[^1], launches.Sum(l => l.Work.Real));
    }

    /// <summary>
    /// The walk repeats nothing but the last entry, which is not wanted here: so it is one step, to the last bit. With plain kernels, whose
    /// last entry moves the cursor and no weight.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Going_through_the_launches_is_a_step(bool onCpu)
    {
        if (!onCpu)
            GpuUnderTest.Require();
        using Device device = onCpu ? new CpuDevice(2) : GpuUnderTest.Open(plainKernels: true);
        Dictionary<string, double[]> expected, actual;
        using (var trainer = new Trainer(s_recipe, device, TinyImages.Splits(8)))
        {
            // As a benchmark has it: the images in the order of their numbers.
            using var benchmark = new KernelBenchmark(s_recipe, device, TinyImages.Splits(8));
            DistinctLaunch last = benchmark.Launches[^1];
            Assert.Equal("advance", last.Launch.Kernel);
            var timed = benchmark.Time(launch => launch == last, 1).ToArray();
            Assert.Equal([last], timed.Select(t => t.Launch));
            actual = Snapshot.OfState(benchmark.Parameters);
        }

        using (var network = SealedNetwork.Committed(TrainingPlan.Of(s_recipe, TinyImages.Splits(8)), device))
        {
            network.SetEpoch(0, LearningRateSchedule.Of(s_recipe).At(0));
            network.Train.BeginInOrder();
            network.Train.Step();
            expected = Snapshot.OfState(network.Parameters);
        }

        Assert.Equal(expected.Keys, actual.Keys);
        Assert.All(expected, state => Assert.Equal(state.Value, actual[state.Key]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_shape_is_timed_once_cold_and_warm(bool onCpu)
    {
        if (!onCpu)
            GpuUnderTest.Require();
        using Device device = onCpu ? new CpuDevice(1) : GpuUnderTest.Open();
        using var benchmark = new KernelBenchmark(s_recipe, device, TinyImages.Splits(8));
        Assert.Equal(StepLaunches.Of(s_recipe, device, TinyImages.Splits(8)).Count, benchmark.Launches.Sum(launch => launch.Count));
        Assert.Equal(benchmark.Launches.Count, benchmark.Launches.Select(launch => launch.Shape).Distinct().Count());
        bool Wanted(DistinctLaunch launch) => launch.Launch.Layer.StartsWith("layer2.0", StringComparison.Ordinal);
        var timed = benchmark.Time(Wanted, 2).ToArray();
        Assert.Equal(benchmark.Launches.Where(Wanted), timed.Select(t => t.Launch));
        Assert.All(timed, t => Assert.All([t.Times.Cold, t.Times.Warm], seconds =>
        {
            Assert.InRange(seconds.Count, 1, 2);
            Assert.All(seconds, s => Assert.InRange(s, 0, 60));
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_device_does_at_most_is_measured(bool onCpu)
    {
        if (!onCpu)
            GpuUnderTest.Require();
        using Device device = onCpu ? new CpuDevice(1) : GpuUnderTest.Open();
        using WorkTimer timer = device.NewTimer();
        DeviceRates rates = timer.MeasureRates();
        Assert.All([rates.Bytes, rates.Bits, rates.Sign, rates.Real], rate => Assert.InRange(rate, 1e5, 1e18));
        // A bit is counted sooner than a real is multiplied, on everything that this runs on.
        Assert.True(rates.Bits > rates.Sign, $"{rates}");
    }

    [Fact]
    public void The_floor_is_the_longer_of_bytes_and_products()
    {
        var rates = new DeviceRates(Bytes: 100, Bits: 1000, Sign: 10, Real: 1);
        Assert.Equal(2, rates.Floor(new(200, Bits: 1000)));
        Assert.Equal(1 + 2 + 3, rates.Floor(new(200, Bits: 1000, Sign: 20, Real: 3)));
        Assert.Equal(0, new DeviceRates(0, 0, 0, 0).Floor(new(200, 1, 1, 1)));
    }
}
