using System.Text.Json.Nodes;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Engine.Tests.Checkpoints;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Training;

/// <summary>A run that goes on with another number of epochs than it was begun with.</summary>
public sealed class OtherEpochsTests : IDisposable
{
    private static readonly Recipe s_recipe = TinyRun.Recipe with { Indicators = true };

    private readonly TemporaryFolder _folder = new();

    private string Checkpoint => _folder.File("checkpoint.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_finished_run_goes_on_by_the_schedule_of_the_longer_one()
    {
        TrainingState end;
        using (var run = new TinyRun(s_recipe))
        {
            run.Finish();
            run.Trainer.Save(Checkpoint);
            end = run.Trainer.State;
        }

        using var longer = new TinyRun(s_recipe with { Epochs = 5 });
        longer.Trainer.Resume(Checkpoint, otherEpochs: true);
        Assert.Equal((3, false), (longer.Trainer.SavedEpochs, longer.Trainer.IsFinished));
        Assert.Equal(end, longer.Trainer.State);
        List<EpochReport> reports = longer.Finish();
        var rates = LearningRateSchedule.Published(s_recipe.LearningRate, 5, warmUp: false);
        Assert.Equal([(3, rates.Rate(3)), (4, rates.Rate(4))], reports.Select(r => (r.Epoch, r.LearningRate)));
        Assert.True(reports[0].O > 1 && reports[1].O > reports[0].O);
        longer.Trainer.Save(Checkpoint);
        Assert.Equal(5, (int)JsonNode.Parse(SafetensorsFile.Open(Checkpoint).Metadata["recipe"])!["Epochs"]!);
    }

    /// <summary>The reference: two steps of the shorter run, then the longer run's with the same weights, momenta and order.</summary>
    [Fact]
    public void The_rest_of_an_epoch_follows_the_new_schedule()
    {
        using (var stopped = new TinyRun(s_recipe))
        {
            stopped.RunUntil(r => r is { Epoch: 1, Phase: Phase.Training, Step: 1 });
            stopped.Trainer.Save(Checkpoint);
        }

        using TinyRun same = Resumed(3), longer = Resumed(9);
        EpochReport expected = same.Trainer.RunEpoch(null, CancellationToken.None);
        EpochReport actual = longer.Trainer.RunEpoch(null, CancellationToken.None);
        Assert.Equal(LearningRateSchedule.Published(s_recipe.LearningRate, 9, warmUp: false).Rate(1), actual.LearningRate);
        Assert.NotEqual(expected.LearningRate, actual.LearningRate);
        Assert.Equal(longer.Trainer.State.Steps, same.Trainer.State.Steps);
        Assert.Equal(2, longer.Trainer.State.Epoch);
        Assert.NotEqual(-1, Snapshot.FirstDifference(same.State()["conv1.weight"], longer.State()["conv1.weight"]));

        TinyRun Resumed(int epochs)
        {
            var run = new TinyRun(s_recipe with { Epochs = epochs });
            run.Trainer.Resume(Checkpoint, otherEpochs: true);
            return run;
        }
    }

    [Fact]
    public void An_extended_run_that_is_stopped_goes_on_with_the_same_bits()
    {
        Recipe longer = s_recipe with { Epochs = 5 };
        using (var run = new TinyRun(s_recipe))
        {
            run.Finish();
            run.Trainer.Save(Checkpoint);
        }

        using var whole = new TinyRun(longer);
        whole.Trainer.Resume(Checkpoint, otherEpochs: true);
        List<EpochReport> expected = whole.Finish(), actual;
        using (var stopped = new TinyRun(longer))
        {
            stopped.Trainer.Resume(Checkpoint, otherEpochs: true);
            actual = stopped.RunUntil(r => r is { Epoch: 4, Phase: Phase.Training, Step: 2 });
            stopped.Trainer.Save(Checkpoint);
        }

        using var resumed = new TinyRun(longer);
        resumed.Trainer.Resume(Checkpoint);
        Assert.Equal(5, resumed.Trainer.SavedEpochs);
        actual.AddRange(resumed.Finish());
        Assert.Equal(TrainerTests.Timeless(expected), TrainerTests.Timeless(actual));
        Snapshot.AssertSame("resumed", whole.State(), resumed.State());
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void Fewer_epochs_than_are_begun_are_refused(int epochs, bool fits)
    {
        using (var stopped = new TinyRun(s_recipe with { Epochs = 6 }))
        {
            stopped.RunUntil(r => r is { Epoch: 2, Phase: Phase.Training, Step: 1 });
            stopped.Trainer.Save(Checkpoint);
        }

        using var run = new TinyRun(s_recipe with { Epochs = epochs });
        Dictionary<string, double[]> before = run.State();
        if (fits)
        {
            run.Trainer.Resume(Checkpoint, otherEpochs: true);
            Assert.Single(run.Finish());
            return;
        }

        var refusal = Assert.Throws<RecipeException>(() => run.Trainer.Resume(Checkpoint, otherEpochs: true));
        Assert.Equal((RecipeFault.Conflict, nameof(Recipe.Epochs)), (refusal.Reason, refusal.Setting));
        Assert.Equal("2 epochs of the run are done, and one is under way; it must be at least 3", refusal.Expected);
        Snapshot.AssertSame("refused", before, run.State());
        Assert.Equal(0, run.Trainer.State.Epoch);
    }

    [Fact]
    public void Nothing_but_the_epochs_may_differ_and_they_only_where_it_is_said()
    {
        using (var run = new TinyRun(s_recipe))
            run.Trainer.Save(Checkpoint);
        using var longer = new TinyRun(s_recipe with { Epochs = 5 });
        var strict = Assert.Throws<CheckpointException>(() => longer.Trainer.Resume(Checkpoint));
        Assert.Equal([new(nameof(Recipe.Epochs), "3", "5")], strict.Settings);
        using var faster = new TinyRun(s_recipe with { Epochs = 5, LearningRate = 0.2 });
        var other = Assert.Throws<CheckpointException>(() => faster.Trainer.Resume(Checkpoint, otherEpochs: true));
        Assert.Equal([new(nameof(Recipe.LearningRate), "0.05", "0.2")], other.Settings);
    }
}
