using ReSTE.Native.Engine.Tests.Checkpoints;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Engine.Tests.Training;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Cuda;

/// <summary>
/// The trainer on the GPU does what it does on the CPU: the same first steps, the same reports, resume bit for bit, checkpoints that move.
/// </summary>
[Trait("Category", "Device")]
public sealed class CudaTrainerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Checkpoint => _folder.File("checkpoint.safetensors");

    // Twenty steps a test pass: more than the host runs ahead, so that it can be stopped in one.
    private static Recipe Recipe => TinyRun.Recipe with { Epochs = 2, BatchSizeTest = 1, Indicators = true };

    public void Dispose() => _folder.Dispose();

    // From the second step on it may matter on which side of zero one activation was rounded: see CifarModelReferenceTests for two
    // steps without such.
    [Theory]
    [InlineData("resnet20_1w1a", false)]
    [InlineData("resnet20_1w1a", true)]
    [InlineData("resnet20", false)]
    public void The_first_loss_is_that_of_the_cpu(string model, bool realActivations)
    {
        Recipe recipe = Recipe with { Model = model, RealActivations = realActivations };
        double expected = FirstLoss(new TinyRun(recipe)), actual = FirstLoss(NewRun(recipe));
        Assert.True(Math.Abs(actual - expected) <= 1e-6 * expected, $"cpu {expected:r}, cuda {actual:r}");
    }

    [Fact]
    public void Every_step_is_reported_once_and_in_order()
    {
        using TinyRun run = NewRun(Recipe);
        var reports = new List<StepReport>();
        EpochReport epoch = run.Trainer.RunEpoch(new TinyRun.Calling(reports.Add), CancellationToken.None);
        Assert.Equal([.. Enumerable.Range(0, TinyRun.Steps), .. Enumerable.Range(0, 20)], reports.Select(r => r.Step));
        StepReport last = reports.Last(r => r.Phase == Phase.Training);
        Assert.Equal(epoch.Train, last.Average);
        Assert.Equal(epoch.Train.Loss, reports.Where(r => r.Phase == Phase.Training).Average(r => r.Batch.Loss), 1e-12);
        Assert.True(epoch is { EstimatingError: > 0, GradientStability: > 0 });
    }

    /// <summary>On the emulator half a minute each.</summary>
    public static TheoryData<int, Phase, int> Stops =>
    [
        new(0, Phase.Training, 1),
        Long.When(GpuUnderTest.IsEmulated, new TheoryDataRow<int, Phase, int>(1, Phase.Training, TinyRun.Steps - 1)),
        Long.When(GpuUnderTest.IsEmulated, new TheoryDataRow<int, Phase, int>(0, Phase.Evaluating, 0)),
    ];

    [Theory]
    [MemberData(nameof(Stops))]
    public void Stopping_after_a_step_changes_no_bit(int epoch, Phase phase, int step)
    {
        GpuUnderTest.Require();
        List<EpochReport> before;
        using (TinyRun stopped = NewRun(Recipe))
        {
            before = stopped.RunUntil(r => r.Epoch == epoch && r.Phase == phase && r.Step == step);
            stopped.Trainer.Save(Checkpoint);
        }

        using TinyRun whole = NewRun(Recipe), resumed = NewRun(Recipe);
        List<EpochReport> expected = whole.Finish();
        resumed.Trainer.Resume(Checkpoint);
        Assert.Equal(TrainerTests.Timeless(expected), TrainerTests.Timeless([.. before, .. resumed.Finish()]));
        Assert.Equal(whole.Trainer.State, resumed.Trainer.State);
        Snapshot.AssertSame("resumed run", whole.State(), resumed.State());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_checkpoint_moves_between_devices(bool toCuda)
    {
        GpuUnderTest.Require();
        using TinyRun from = toCuda ? new TinyRun(Recipe) : NewRun(Recipe);
        from.RunUntil(r => r is { Epoch: 1, Phase: Phase.Training, Step: 2 });
        from.Trainer.Save(Checkpoint);
        using TinyRun to = toCuda ? NewRun(Recipe) : new TinyRun(Recipe);
        to.Trainer.Resume(Checkpoint);
        Assert.Equal(from.Trainer.State, to.Trainer.State);
        Snapshot.AssertSame("moved checkpoint", from.State(), to.State());
        Assert.Equal(1, Assert.Single(to.Finish()).Epoch);
    }

    private static TinyRun NewRun(Recipe recipe)
    {
        GpuUnderTest.Require();
        return new TinyRun(recipe, GpuUnderTest.Open());
    }

    private static double FirstLoss(TinyRun run)
    {
        double? loss = null;
        using (run)
        {
            run.RunUntil(r =>
            {
                loss ??= r.Batch.Loss;
                return true;
            });
        }

        return loss!.Value;
    }
}
