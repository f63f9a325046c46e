using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Engine.Tests.Training;
using ReSTE.Native.Tapes;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Tapes;

/// <summary>Tests that count what the whole process allocates: no other test may run meanwhile.</summary>
[CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
public sealed class WholeProcess;

/// <summary>After sealing a step allocates nothing: neither managed, on this thread or on a worker, nor on the device.</summary>
[Collection(nameof(WholeProcess))]
public sealed class TapeAllocationTests
{
    private const int WarmUp = 2, Steps = 3, Readings = 5;

    [Theory]
    [MemberData(nameof(TapeCase.Networks), MemberType = typeof(TapeCase))]
    public void A_step_allocates_nothing(string model, bool realActivations)
    {
        using var device = new CountingDevice(new CpuDevice(2));
        using NetworkRun run = TapeCase.Build(device, model, realActivations, batch: 4, size: 16);
        TapeCase.Feed(run, 0);
        for (int step = 0; step < WarmUp; step++)
            run.Tape.Run();

        int allocations = device.Allocations;
        Assert.Equal(0, Allocated(run.Tape.Run));
        Assert.Equal(allocations, device.Allocations);
    }

    [Fact]
    public void A_step_under_a_clock_allocates_nothing()
    {
        using var run = new TinyRun(TinyRun.Recipe, images: (WarmUp + Readings * Steps) * TinyRun.Batch - 3, threads: 2);
        run.Trainer.AwaitDataKnown();
        StepClock clock = run.Trainer.NewStepClock()!;
        var seconds = new double[clock.Operations.Count];
        void Step()
        {
            run.Trainer.Step(clock);
            clock.Read(seconds);
        }

        for (int step = 0; step < WarmUp; step++)
            Step();
        Assert.Equal(0, Allocated(Step));
    }

    // Steps after the first of an epoch: the first uploads the epoch's order. The last one's tape is another, for fewer images.
    [Theory]
    [InlineData("SGD", "ReSTE")]
    [InlineData("Adam", "ReSTE")]
    [InlineData("AdamW", "ReSTE")]
    [InlineData("SGD", "Bop")]
    [InlineData("Adam", "Bop")]
    [InlineData("SGD", "AdaSTE")]
    [InlineData("SGD", "BiPer")]
    [InlineData("SGD", "OvSW")]
    [InlineData("SGD", "Bernoulli")]
    public void A_step_of_the_trainer_allocates_nothing(string optimiser, string estimator)
    {
        Recipe recipe = TinyRun.Recipe with { Optimiser = optimiser, Estimator = estimator, RealActivations = estimator == "AdaSTE" };
        using var run = new TinyRun(recipe, images: (WarmUp + Readings * Steps) * TinyRun.Batch - 3, threads: 2);
        run.Trainer.AwaitDataKnown();
        for (int step = 0; step < WarmUp; step++)
            run.Trainer.Step();
        Assert.Equal(0, Allocated(run.Trainer.Step));
    }

    [Theory]
    [InlineData("resnet20_1w1a", "ReSTE")]
    [InlineData("vgg_small_1w1a", "ReSTE")]
    [InlineData("resnet20_1w1a", "IRNet")]
    public void An_evaluation_step_allocates_nothing(string model, string estimator)
    {
        using var device = new CpuDevice(2);
        Recipe recipe = TinyRun.Recipe with { Model = model, Estimator = estimator };
        using var run = new NetworkRun(device, model, EstimatorCatalog.Create(recipe), realActivations: false, batch: 4, training: false);
        for (int step = 0; step < WarmUp; step++)
            run.Tape.Run();
        Assert.Equal(0, Allocated(run.Tape.Run));
    }

    [Fact]
    public void What_another_thread_allocates_is_counted()
    {
        long bytes = Allocated(() =>
        {
            var other = new Thread(() => GC.KeepAlive(new byte[100_000]));
            other.Start();
            other.Join();
        });
        Assert.True(bytes >= Steps * 100_000, $"{bytes} bytes");
    }

    [Fact]
    public void A_network_gives_all_its_memory_back()
    {
        using var device = new CountingDevice(new CpuDevice(1));
        using (TapeCase.Build(device, "resnet20_1w1a", realActivations: false, batch: 2, size: 8))
            Assert.Equal(2, device.Allocations);
        Assert.Equal(device.Allocations, device.Frees);
    }

    /// <summary>
    /// Bytes that all threads together allocate in some steps: the least of several readings, for what the steps allocate is in each of
    /// them, and what the runtime does once beside them, such as compiling, is not.
    /// </summary>
    private static long Allocated(Action step)
    {
        long least = long.MaxValue;
        for (int reading = 0; reading < Readings && least > 0; reading++)
        {
            long bytes = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < Steps; i++)
                step();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - bytes);
        }

        return least;
    }
}
