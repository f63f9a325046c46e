using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;

namespace ReSTE.Native.Engine.Tests.Tapes;

/// <summary>A sealed tape gives the same bits however often it runs, wherever its tensors lie, and whoever shares the work.</summary>
public sealed class TapeReplayTests
{
    private const int Batch = 5, Size = 16, Steps = 2;

    [Theory]
    [MemberData(nameof(TapeCase.Networks), MemberType = typeof(TapeCase))]
    public void A_replay_from_the_same_state_gives_the_same_bits(string model, bool realActivations)
    {
        using var device = new CpuDevice(2);
        using NetworkRun run = TapeCase.Build(device, model, realActivations, Batch, size: Size);
        Dictionary<string, double[]> first = TapeCase.Train(run, Steps);
        run.Parameters.Initialise(1);
        Snapshot.AssertSame("replay", first, TapeCase.Train(run, Steps));
    }

    [Theory]
    [MemberData(nameof(TapeCase.Networks), MemberType = typeof(TapeCase))]
    public void Shared_memory_changes_no_bit(string model, bool realActivations)
    {
        using var device = new CpuDevice(2);
        using NetworkRun guarded = TapeCase.Build(device, model, realActivations, Batch, SlabMode.Guarded);
        using NetworkRun packed = TapeCase.Build(device, model, realActivations, Batch);
        Snapshot.AssertSame("packed", TapeCase.Train(guarded, Steps, poison: true), TapeCase.Train(packed, Steps));
        guarded.CheckGuards();
    }

    [Theory]
    [MemberData(nameof(TapeCase.Networks), MemberType = typeof(TapeCase))]
    public void Poisoned_shared_memory_changes_no_bit(string model, bool realActivations)
    {
        using var device = new CpuDevice(2);
        using NetworkRun clean = TapeCase.Build(device, model, realActivations, Batch, size: Size);
        using NetworkRun poisoned = TapeCase.Build(device, model, realActivations, Batch, size: Size);
        Snapshot.AssertSame("poisoned", TapeCase.Train(clean, Steps), TapeCase.Train(poisoned, Steps, poison: true));
    }

    [Theory]
    [MemberData(nameof(OnEveryVector))]
    public void The_number_of_threads_changes_no_bit(string model, bool realActivations, int vectorBits)
    {
        Dictionary<string, double[]> With(int threads)
        {
            using var device = new CpuDevice(threads, vectorBits);
            using NetworkRun run = TapeCase.Build(device, model, realActivations, Batch, size: Size);
            return TapeCase.Train(run, Steps + 1);
        }

        Dictionary<string, double[]> one = With(1);
        Snapshot.AssertSame("2 threads", one, With(2));
        Snapshot.AssertSame("3 threads", one, With(3));
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit_of_whole_images()
    {
        Dictionary<string, double[]> With(int threads)
        {
            using var device = new CpuDevice(threads);
            using NetworkRun run = TapeCase.Build(device, "resnet20_1w1a", realActivations: false, batch: 33);
            return TapeCase.Train(run, Steps);
        }

        Snapshot.AssertSame("3 threads", With(1), With(3));
    }

    public static TheoryData<string, bool, int> OnEveryVector()
    {
        var data = new TheoryData<string, bool, int>();
        foreach (var (model, realActivations) in new[] { ("resnet20_1w1a", false), ("resnet20_1w1a", true), ("resnet20", false) })
            foreach (int bits in CpuVectors.Available)
                data.Add(model, realActivations, bits);
        return data;
    }
}
