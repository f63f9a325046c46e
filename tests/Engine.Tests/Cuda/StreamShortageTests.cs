using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Engine.Tests.Cuda.Driver;
using ReSTE.Native.Engine.Tests.Training;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Cuda;

/// <summary>Images that are streamed to a GPU with too little memory for their batches: what is needed, what is free, what fits.</summary>
[Trait("Category", "Device")]
public sealed class StreamShortageTests
{
    private const int Images = 96;

    private static Recipe Recipe => TinyRun.Recipe with { BatchSize = 64, BatchSizeTest = 4 };

    [Fact]
    public void A_stream_that_does_not_fit_names_the_batch_that_does()
    {
        DriverRig.RequireEmulator();
        ChildProcess.Run($"{typeof(StreamShortageTests).FullName}.{nameof(Batches_are_halved_until_they_fit)}");
    }

    [Fact(Explicit = true)]
    public void Batches_are_halved_until_they_fit()
    {
        using CudaDevice device = GpuUnderTest.OpenToTrain();
        TrainingPlan asked = Plan(Recipe);
        MemoryNeeds needs = Needs(asked, device), fits = Needs(Plan(Recipe with { BatchSize = 16 }), device);
        // Two batches of pixels and labels of each part, and the orders: not the data sets.
        Assert.InRange(needs.Data, 2 * (64 + 4) * (3072 + 4), 2 * (64 + 4) * (3072 + 4) + 100_000);
        Assert.True(fits.Data < needs.Data / 2, $"{fits}");
        // Room for batches of 16 and the driver's pages, not for batches of 32.
        long room = fits.Total + (5 << 20);
        Assert.True(room < Needs(Plan(Recipe with { BatchSize = 32 }), device).Total, $"{fits}");
        Emulator.Take(device.Memory!.Value.Free - room);

        var problem = Assert.Throws<DeviceMemoryException>(() => new Trainer(asked, device));
        Assert.Equal((new BatchSizes(64), new BatchSizes(16), 0L), (problem.Batch, problem.Fitting, problem.TakenMeanwhile));
        Assert.Equal((room, needs), (problem.Memory!.Value.Free, problem.Needs));
        Assert.Matches(@"^cuda:0 has too little memory: batch size 64 needs .+, and .+ are free; batch size 16 fits$", problem.Message);
        using var trainer = new Trainer(Plan(Recipe with { BatchSize = 16 }), device);
        trainer.Step();
        device.Synchronize();
    }

    private static TrainingPlan Plan(Recipe recipe) => TrainingPlan.Of(recipe, TinyImages.Splits(Images)) with { ReadingThreads = 2 };

    private static MemoryNeeds Needs(TrainingPlan plan, CudaDevice device)
    {
        using var network = new SealedNetwork(plan, device);
        return network.Needs;
    }
}
