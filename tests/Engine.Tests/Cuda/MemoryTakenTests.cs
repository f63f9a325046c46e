using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Engine.Tests.Cuda.Driver;
using ReSTE.Native.Engine.Tests.Training;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Cuda;

/// <summary>
/// Another program takes memory of the GPU while a run is made ready: after the memory plan is sealed nothing but its two slabs and the
/// graphs of its steps is asked for. Each in a process of its own, whose emulator the other program belongs to.
/// </summary>
[Trait("Category", "Device")]
public sealed class MemoryTakenTests
{
    private const long Megabyte = 1 << 20;

    private static DataSplits Splits => TinyImages.Splits(TinyRun.Images);

    [Theory]
    [InlineData(nameof(Taken_before_the_slabs_it_is_an_error_that_says_so))]
    [InlineData(nameof(Taken_between_slabs_and_capture_it_is_an_error_that_says_so))]
    [InlineData(nameof(What_is_left_for_the_graphs_is_enough))]
    [InlineData(nameof(A_run_that_is_ready_misses_nothing))]
    public void Another_program_takes_memory(string when)
    {
        DriverRig.RequireEmulator();
        ChildProcess.Run($"{typeof(MemoryTakenTests).FullName}.{when}");
    }

    [Fact(Explicit = true)]
    public void Taken_before_the_slabs_it_is_an_error_that_says_so()
    {
        using CudaDevice device = GpuUnderTest.OpenToTrain();
        var plan = TrainingPlan.Of(TinyRun.Recipe, Splits);
        using var network = new SealedNetwork(plan, device);
        DeviceMemory before = device.Memory!.Value;
        Emulator.Take(before.Free - network.Needs.Total / 2);
        CudaException problem = Assert.Throws<CudaException>(network.Commit);
        Assert.Equal(("cuMemAlloc", 2), (problem.Call, problem.Code));
        network.Dispose();
        AssertTold(new MemoryShortage(plan, device).Explain(network.Needs, before, problem), before);
    }

    [Fact(Explicit = true)]
    public void Taken_between_slabs_and_capture_it_is_an_error_that_says_so()
    {
        using CudaDevice device = GpuUnderTest.OpenToTrain();
        DeviceMemory before = device.Memory!.Value;
        long held = Emulator.Count("bytes");
        var problem = Assert.Throws<DeviceMemoryException>(() => new Trainer(TinyRun.Recipe, device, TakenWhileUploading(device, left: 0)));
        Assert.StartsWith("cuGraphInstantiateWithFlags(training step, ", problem.InnerException!.Message, StringComparison.Ordinal);
        AssertTold(problem, before);
        Assert.Equal(held, Emulator.Count("bytes"));
        // The device is as good as before.
        Emulator.Take(0);
        using var trainer = new Trainer(TinyRun.Recipe, device, Splits);
        trainer.Step();
        device.Synchronize();
    }

    [Fact(Explicit = true)]
    public void What_is_left_for_the_graphs_is_enough()
    {
        using CudaDevice device = GpuUnderTest.OpenToTrain();
        using var trainer = new Trainer(TinyRun.Recipe, device, TakenWhileUploading(device, left: Megabyte));
        Assert.Equal(Megabyte, device.Memory!.Value.Free);
        trainer.Step();
        device.Synchronize();
    }

    [Fact(Explicit = true)]
    public void A_run_that_is_ready_misses_nothing()
    {
        using CudaDevice device = GpuUnderTest.OpenToTrain();
        using var run = new TinyRun(TinyRun.Recipe with { Epochs = 1 }, device, images: TinyRun.Batch);
        Emulator.Take(long.MaxValue);
        Assert.Equal(0, device.Memory!.Value.Free);
        Assert.Single(run.Finish());
    }

    /// <summary>Once the slabs have their memory and images are read into them, all but a rest of what is free is taken.</summary>
    private static DataSplits TakenWhileUploading(CudaDevice device, long left)
    {
        long before = device.Memory!.Value.Free, need = MemoryNeeds.Of(TinyRun.Recipe, device, Splits).Total;
        return Splits with { Test = new Watched(Splits.Test, Take) };

        void Take()
        {
            long free = device.Memory!.Value.Free;
            if (free <= before - need && free > left)
                Emulator.Take(free - left);
        }
    }

    private static void AssertTold(DeviceMemoryException problem, DeviceMemory before)
    {
        Assert.InRange(problem.Memory!.Value.Free, 0, problem.Needs.Total);
        Assert.Equal(before.Free - problem.Memory.Value.Free, problem.TakenMeanwhile);
        Assert.Matches(@"^cuda:0 has too little memory: batch size 8 needs .+ \(data sets .+, and .+ of 8\.6 GB are free; .+; "
            + @"another program took 8\.6 GB meanwhile$", problem.Message);
    }

    private sealed class Watched(Dataset images, Action reads) : Dataset
    {
        public override string Name => images.Name;

        public override int Count => images.Count;

        public override int Classes => images.Classes;

        public override ImageShape Shape => images.Shape;

        public override int Read(int index, Span<byte> pixels)
        {
            reads();
            return images.Read(index, pixels);
        }
    }
}
