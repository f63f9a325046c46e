using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Tapes;

/// <summary>Runs in which every tensor starts as NaN between guard words: nothing unwritten is read, nothing outside is written.</summary>
public sealed class TapeGuardTests
{
    [Theory]
    [MemberData(nameof(OnEveryVector))]
    public void Nothing_unwritten_is_read_and_nothing_outside_is_written(string model, bool realActivations, int vectorBits)
    {
        using var device = new CpuDevice(2, vectorBits);
        using NetworkRun run = TapeCase.Build(device, model, realActivations, batch: 3, SlabMode.Guarded, size: 16);
        for (int step = 0; step < 2; step++)
        {
            run.Poison();
            TapeCase.Feed(run, step);
            run.Tape.Run();
            run.CheckGuards();
            AssertFinite(run);
        }
    }

    [Fact]
    public void The_reference_device_reads_nothing_unwritten()
    {
        using var device = new ReferenceDevice();
        using NetworkRun run = TapeCase.Build(device, "resnet20_1w1a", realActivations: false, batch: 2, SlabMode.Guarded, size: 8);
        run.Poison();
        TapeCase.Feed(run, 0);
        run.Tape.Run();
        run.CheckGuards();
        AssertFinite(run);
    }

    [Fact]
    public void A_write_past_a_tensor_is_caught_and_named()
    {
        using var device = new ReferenceDevice();
        using var slab = new Slab(device, SlabMode.Guarded);
        Tensor tensor = slab.Place(device.NewTensor("victim", new Shape(3), ElementType.Float32));
        slab.Commit();
        slab.CheckGuards();
        device.Fill(tensor.Address + 12, 0, 1);
        Assert.Contains("victim Float32[3]: written past", Assert.Throws<InvalidOperationException>(slab.CheckGuards).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_before_a_tensor_is_caught_and_named()
    {
        using var device = new ReferenceDevice();
        using var slab = new Slab(device, SlabMode.Guarded);
        Tensor tensor = slab.Place(device.NewTensor("victim", new Shape(3), ElementType.Int32));
        slab.Commit();
        device.Fill(tensor.Address - 1, 0, 1);
        Assert.Contains("victim Int32[3]: written before", Assert.Throws<InvalidOperationException>(slab.CheckGuards).Message,
            StringComparison.Ordinal);
    }

    public static TheoryData<string, bool, int> OnEveryVector() => TapeReplayTests.OnEveryVector();

    private static void AssertFinite(NetworkRun run)
    {
        foreach (var (name, values) in Snapshot.Of(run))
        {
            int at = Array.FindIndex(values, v => !double.IsFinite(v));
            Assert.True(at < 0, $"{name}: element {Math.Max(at, 0)} of {values.Length} is {values[Math.Max(at, 0)]}");
        }
    }
}
