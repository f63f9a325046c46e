using ReSTE.Native.Devices.Cpu;

namespace ReSTE.Native.Engine.Tests.Tapes;

/// <summary>After sealing a step allocates nothing, neither managed nor on the device.</summary>
public sealed class TapeAllocationTests
{
    private const int WarmUp = 2, Steps = 3;

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
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 0; step < Steps; step++)
            run.Tape.Run();
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        Assert.Equal(0, bytes);
        Assert.Equal(allocations, device.Allocations);
    }

    [Fact]
    public void A_network_gives_all_its_memory_back()
    {
        using var device = new CountingDevice(new CpuDevice(1));
        using (TapeCase.Build(device, "resnet20_1w1a", realActivations: false, batch: 2, size: 8))
            Assert.Equal(2, device.Allocations);
        Assert.Equal(device.Allocations, device.Frees);
    }
}
