using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Engine.Tests.Training;

namespace ReSTE.Native.Engine.Tests.Cuda;

/// <summary>Once it runs, a training step allocates nothing, managed or of the driver, and launches one graph and nothing else.</summary>
[Collection(nameof(WholeProcess))]
[Trait("Category", "Device")]
public sealed class CudaSteadyStateTests
{
    private const int WarmUp = 2, Steps = 3;

    private static readonly string[] Counters = ["allocations", "host_allocations", "modules"];

    [Fact]
    public void A_step_of_the_trainer_allocates_nothing()
    {
        GpuUnderTest.Require();
        using CudaDevice device = GpuUnderTest.Open();
        // One batch more than is run: the epoch does not end. The last one has fewer images.
        using var run = new TinyRun(TinyRun.Recipe, device, images: (WarmUp + Steps) * TinyRun.Batch + 3);
        for (int step = 0; step < WarmUp; step++)
            run.Trainer.Step();
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 0; step < Steps; step++)
            run.Trainer.Step();
        Assert.Equal(bytes, GC.GetAllocatedBytesForCurrentThread());
        device.Synchronize();
    }

    [Fact]
    public void A_step_of_the_trainer_is_one_graph_and_nothing_else()
    {
        GpuUnderTest.Require();
        Assert.SkipUnless(GpuUnderTest.IsEmulated, "only the emulator counts what its driver is asked for");
        using CudaDevice device = GpuUnderTest.Open();
        using var run = new TinyRun(TinyRun.Recipe, device, images: (WarmUp + Steps) * TinyRun.Batch + 3);
        for (int step = 0; step < WarmUp; step++)
            run.Trainer.Step();
        device.Synchronize();
        long[] before = [.. Counters.Select(Emulator.Count)];
        long graphs = Emulator.Count("graph_launches"), launches = device.Launches;
        for (int step = 0; step < Steps; step++)
            run.Trainer.Step();
        device.Synchronize();
        Assert.Equal(before, Counters.Select(Emulator.Count));
        Assert.Equal(Steps, Emulator.Count("graph_launches") - graphs);
        Assert.Equal(launches, device.Launches);
    }

    [Fact]
    public void A_device_gives_all_its_memory_back()
    {
        GpuUnderTest.Require();
        Assert.SkipUnless(GpuUnderTest.IsEmulated, "other programs use the memory of a real GPU");
        long before = Emulator.Count("bytes");
        using (CudaDevice device = GpuUnderTest.Open())
        using (TapeCase.Build(device, "resnet20_1w1a", realActivations: false, batch: 2, size: 8))
            Assert.True(Emulator.Count("bytes") > before);
        Assert.Equal(before, Emulator.Count("bytes"));
    }
}
