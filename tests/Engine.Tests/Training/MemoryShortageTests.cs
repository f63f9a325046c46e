using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Engine.Tests.Checkpoints;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Training;

/// <summary>A device on the processor compares what a run takes with what there is before it takes anything.</summary>
public sealed class MemoryShortageTests : IDisposable
{
    private const int Images = 256;

    // The heap of the test process grows and shrinks with what runs beside.
    private const long Heap = 10_000_000;

    private readonly TemporaryFolder _folder = new();

    private static Recipe Recipe => TinyRun.Recipe with { BatchSize = 64, BatchSizeTest = 4 };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_that_does_not_fit_names_need_limit_and_a_batch_that_fits()
    {
        long need = Need(Recipe);
        DeviceMemoryException problem = Refused(Recipe, need - 40_000_000);
        Assert.Equal(("cpu", new BatchSizes(64)), (problem.Device, problem.Batch));
        Assert.Equal(new DeviceMemory(need - 40_000_000, 1L << 40, MemoryOwner.Container), problem.Memory);
        Assert.False(problem.IsDataTooLarge);
        Assert.StartsWith("cpu has too little memory: batch size 64 needs ", problem.Message, StringComparison.Ordinal);
        Assert.Contains("of this container's 1099.5 GB are free; batch size ", problem.Message, StringComparison.Ordinal);
        Assert.Contains("the program beside them ", problem.Message, StringComparison.Ordinal);
        int fitting = Assert.NotNull(problem.Fitting).Train;
        Assert.InRange(fitting, 2, 32);
        using CpuDevice device = With(problem.Memory!.Value.Free);
        using var trainer = new Trainer(Recipe with { BatchSize = fitting }, device, TinyImages.Splits(Images));
        trainer.Step();
    }

    [Fact]
    public void A_run_that_just_fits_runs()
    {
        using CpuDevice device = With(Need(Recipe) + 5_000_000);
        using var trainer = new Trainer(Recipe, device, TinyImages.Splits(Images));
        trainer.Step();
    }

    [Fact]
    public void A_test_batch_that_does_not_fit_is_what_gets_smaller()
    {
        Recipe recipe = Recipe with { BatchSize = 2, BatchSizeTest = 200 };
        DataSplits data = TinyImages.Splits(Images) with { Test = new TinyImages(200, 500) };
        using CpuDevice enough = With(long.MaxValue), device = With(MemoryNeeds.Of(recipe, enough, data).Total - 1_000_000);
        var problem = Assert.Throws<DeviceMemoryException>(() => new Trainer(recipe, device, data));
        Assert.Equal(new BatchSizes(2, 200), problem.Batch);
        Assert.True(problem.Fitting is { Train: 2, Test: < 200 }, $"{problem.Fitting}");
    }

    [Fact]
    public void Data_that_is_too_large_by_itself_is_what_is_said()
    {
        MemoryNeeds needs = Needs(Recipe);
        DeviceMemoryException problem = Refused(Recipe, needs.Parameters + needs.Beside + 1000);
        Assert.True(problem.IsDataTooLarge);
        Assert.False(problem.IsNetworkTooLarge);
        Assert.Null(problem.Fitting);
        Assert.EndsWith("the data alone is too much", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_is_too_large_by_itself_is_what_is_said()
    {
        DeviceMemoryException problem = Refused(Recipe, 1_000_000);
        Assert.False(problem.IsDataTooLarge);
        Assert.True(problem.IsNetworkTooLarge);
        Assert.EndsWith("the network alone is too much", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_knows_nothing_refuses_nothing()
    {
        using var device = new CpuDevice(1) { MemoryReader = () => null };
        using var trainer = new Trainer(Recipe, device, TinyImages.Splits(Images));
    }

    [Fact]
    public void Nothing_is_taken_before_it_is_refused()
    {
        using var device = new CountingDevice(With(1_000_000));
        var plan = TrainingPlan.Of(Recipe, TinyImages.Splits(Images));
        Assert.Throws<DeviceMemoryException>(() => SealedNetwork.Committed(plan, device));
        Assert.Equal(0, device.Allocations);
        Assert.True(MemoryNeeds.Of(Recipe, device, TinyImages.Splits(Images)).Total > 1_000_000);
        Assert.Equal(0, device.Allocations);
        using var enough = new CountingDevice(With(Need(Recipe) + 5_000_000));
        SealedNetwork.Committed(plan, enough).Dispose();
        Assert.True(enough.Allocations > 0);
    }

    [Fact]
    public void A_predictor_that_does_not_fit_is_refused_with_what_it_takes()
    {
        using (var run = new TinyRun(TinyRun.Recipe))
            run.Trainer.Save(_folder.File("weights"));
        using CpuDevice device = With(60_000_000);
        var problem = Assert.Throws<DeviceMemoryException>(() => Predictor.Open(_folder.File("weights"), device, batchSize: 4096));
        Assert.Equal((new BatchSizes(4096), null), (problem.Batch, problem.Fitting));
        Assert.True(problem.Needs.Total > 60_000_000);
        Assert.EndsWith("smaller batches need less", problem.Message, StringComparison.Ordinal);
    }

    private static CpuDevice With(long free) => new(1)
    {
        MemoryReader = () => new DeviceMemory(free, 1L << 40, MemoryOwner.Container),
        HeapReader = () => Heap,
    };

    private static long Need(Recipe recipe) => Needs(recipe).Total;

    private static MemoryNeeds Needs(Recipe recipe)
    {
        using CpuDevice device = With(long.MaxValue);
        return MemoryNeeds.Of(recipe, device, TinyImages.Splits(Images));
    }

    private static DeviceMemoryException Refused(Recipe recipe, long free)
    {
        using CpuDevice device = With(free);
        return Assert.Throws<DeviceMemoryException>(() => new Trainer(recipe, device, TinyImages.Splits(Images)));
    }
}
