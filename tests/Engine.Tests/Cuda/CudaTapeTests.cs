using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Engine.Tests.Tapes;

namespace ReSTE.Native.Engine.Tests.Cuda;

/// <summary>
/// A captured step is the step: the same bits as its launches one by one, in whatever order a block's threads run, with nothing unwritten
/// read.
/// </summary>
[Trait("Category", "Device")]
public sealed class CudaTapeTests
{
    private const int Batch = 5, Size = 8, Steps = 2;

    public static TheoryData<string, bool> Networks => TapeCase.Networks;

    /// <summary>The larger one is long where a step is run in every order, or twice.</summary>
    public static TheoryData<string, bool> NetworksAgain =>
    [
        .. TapeCase.Networks.Select(row => Long.When(row.Data.Item1.StartsWith("vgg", StringComparison.Ordinal),
            new TheoryDataRow<string, bool>(row.Data.Item1, row.Data.Item2))),
    ];

    [Theory]
    [MemberData(nameof(NetworksAgain))]
    public void A_replay_gives_the_bits_of_its_launches_one_by_one(string model, bool realActivations)
    {
        GpuUnderTest.Require();
        using CudaDevice device = GpuUnderTest.Open(), direct = GpuUnderTest.Open(synchronous: true);
        using NetworkRun replayed = TapeCase.Build(device, model, realActivations, Batch, size: Size);
        using NetworkRun eager = TapeCase.Build(direct, model, realActivations, Batch, size: Size);
        Snapshot.AssertSame("replay", TapeCase.Train(eager, Steps), TapeCase.Train(replayed, Steps));
    }

    [Theory]
    [MemberData(nameof(NetworksAgain))]
    public void The_order_of_threads_changes_no_bit(string model, bool realActivations)
    {
        GpuUnderTest.Require();
        var results = new List<Dictionary<string, double[]>>();
        foreach (string order in GpuUnderTest.Orders)
        {
            GpuUnderTest.Use(order, device =>
            {
                using NetworkRun run = TapeCase.Build(device, model, realActivations, Batch, size: Size);
                results.Add(TapeCase.Train(run, Steps));
            });
        }

        for (int i = 1; i < results.Count; i++)
            Snapshot.AssertSame(GpuUnderTest.Orders[i], results[0], results[i]);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Nothing_unwritten_is_read_and_nothing_outside_is_written(string model, bool realActivations)
    {
        GpuUnderTest.Require();
        using CudaDevice device = GpuUnderTest.Open();
        using NetworkRun packed = TapeCase.Build(device, model, realActivations, Batch, size: Size);
        using NetworkRun guarded = TapeCase.Build(device, model, realActivations, Batch, SlabMode.Guarded, Size);
        Snapshot.AssertSame("guarded", TapeCase.Train(packed, Steps), TapeCase.Train(guarded, Steps, poison: true));
        guarded.CheckGuards();
    }

    // Those of more than 16 channels on a side: after the last input gradient of theirs, and before the slices are added up.
    [Fact]
    public void The_units_of_a_network_share_a_launch_for_their_weights()
    {
        GpuUnderTest.Require();
        using CudaDevice device = GpuUnderTest.Open();
        using NetworkRun run = TapeCase.Build(device, "resnet20_1w1a", realActivations: false, Batch, size: Size);
        KernelLaunch[] launches = [.. run.Tape.List().Select(l => l.Launch)];
        Assert.DoesNotContain(launches, l => l.Kernel.StartsWith("unit_weight_grad_", StringComparison.Ordinal));
        KernelLaunch shared = Assert.Single(launches, l => l.Kernel == "unit_weight_grads_mma");
        Assert.Equal("layer2.0.conv1 to layer3.2.conv2", shared.Layer);
        int at = Array.IndexOf(launches, shared);
        Assert.Equal("layer2.0.conv1", launches[at - 1].Layer);
        Assert.True(at < Array.FindIndex(launches, l => l.Kernel == "sign_layers_gradient" || l.Kernel == "sign_layers_backward"));
    }

    [Fact]
    public void A_graph_has_a_node_for_every_launch()
    {
        GpuUnderTest.Require();
        using CudaDevice device = GpuUnderTest.Open();
        using NetworkRun run = TapeCase.Build(device, "resnet20_1w1a", realActivations: false, Batch, size: Size);
        long before = device.Launches;
        using var replay = (CudaReplay)device.Prepare("a step", _ =>
        {
            run.Tape.Forward();
            run.Tape.Backward();
            run.Tape.Update();
        });
        Assert.Equal(device.Launches - before, replay.Nodes);
        Assert.InRange(replay.Nodes, 40, 80);
    }
}
