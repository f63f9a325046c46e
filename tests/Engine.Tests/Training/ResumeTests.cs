using ReSTE.Native.Checkpoints;
using ReSTE.Native.Engine.Tests.Checkpoints;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Training;

/// <summary>A run that was stopped, saved and taken up again ends with the bits of one that never stopped.</summary>
public sealed class ResumeTests : IDisposable
{
    private static readonly Recipe s_recipe = TinyRun.Recipe with { Indicators = true };

    private readonly TemporaryFolder _folder = new();

    private string Checkpoint => _folder.File("checkpoint.safetensors");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, Phase.Training, 0, TinyRun.Images)]
    [InlineData(1, Phase.Training, 2, TinyRun.Images)]
    [InlineData(1, Phase.Training, TinyRun.Steps - 1, TinyRun.Images)]
    [InlineData(1, Phase.Evaluating, 0, TinyRun.Images)]
    [InlineData(2, Phase.Evaluating, 1, TinyRun.Images)]
    [InlineData(1, Phase.Training, 5, 45)]
    public void Stopping_after_a_step_changes_no_bit(int epoch, Phase phase, int step, int images)
    {
        List<EpochReport> before;
        using (var stopped = new TinyRun(s_recipe, images))
        {
            before = stopped.RunUntil(r => r.Epoch == epoch && r.Phase == phase && r.Step == step);
            Assert.Equal(epoch, stopped.Trainer.State.Epoch);
            Assert.Equal(phase == Phase.Evaluating ? images : Math.Min(images, (step + 1) * TinyRun.Batch), stopped.Trainer.State.Cursor);
            stopped.Trainer.Save(Checkpoint);
        }

        AssertResumesAs(s_recipe, before, images);
    }

    [Fact]
    public void Stopping_before_the_first_step_changes_no_bit()
    {
        using (var stopped = new TinyRun(s_recipe))
        {
            Assert.Throws<OperationCanceledException>(() => stopped.Trainer.RunEpoch(null, new CancellationToken(canceled: true)));
            stopped.Trainer.Save(Checkpoint);
        }

        AssertResumesAs(s_recipe, [], TinyRun.Images);
    }

    [Fact]
    public void Stopping_between_epochs_changes_no_bit()
    {
        List<EpochReport> before;
        using (var stopped = new TinyRun(s_recipe))
        {
            before = [stopped.Trainer.RunEpoch(null, CancellationToken.None)];
            stopped.Trainer.Save(Checkpoint);
        }

        AssertResumesAs(s_recipe, before, TinyRun.Images);
    }

    [Fact]
    public void Going_on_without_saving_changes_no_bit()
    {
        using var whole = new TinyRun(s_recipe);
        using var stopped = new TinyRun(s_recipe);
        List<EpochReport> reports = stopped.RunUntil(r => r is { Epoch: 1, Phase: Phase.Training, Step: 2 });
        reports.AddRange(stopped.Finish());
        Assert.Equal(TrainerTests.Timeless(whole.Finish()), TrainerTests.Timeless(reports));
        Snapshot.AssertSame("stopped run", whole.State(), stopped.State());
    }

    [Fact]
    public void Evaluating_in_between_changes_no_bit()
    {
        using var whole = new TinyRun(s_recipe);
        using var stopped = new TinyRun(s_recipe);
        List<EpochReport> reports = stopped.RunUntil(r => r is { Epoch: 1, Phase: Phase.Training, Step: 2 });
        stopped.Trainer.Evaluate(null, CancellationToken.None);
        reports.AddRange(stopped.Finish());
        Assert.Equal(TrainerTests.Timeless(whole.Finish()), TrainerTests.Timeless(reports));
        Snapshot.AssertSame("stopped run", whole.State(), stopped.State());
    }

    [Fact]
    public void Loaded_weights_evaluate_to_the_same_numbers()
    {
        PassResult validation;
        Dictionary<string, double[]> state;
        using (var trained = new TinyRun(s_recipe))
        {
            validation = trained.Finish()[^1].Validation;
            state = trained.State();
            trained.Trainer.Save(Checkpoint);
        }

        using var loaded = new TinyRun(new Recipe { BatchSize = 4, BatchSizeTest = 8, Seed = 99 });
        loaded.Trainer.LoadWeights(Checkpoint);
        Assert.Equal(validation, loaded.Trainer.Evaluate(null, CancellationToken.None));
        Assert.Equal((0, 0), (loaded.Trainer.State.Epoch, loaded.Trainer.State.Cursor));
        Dictionary<string, double[]> own = loaded.State();
        foreach (string name in own.Keys)
            Assert.Equal(name.StartsWith("momentum", StringComparison.Ordinal) ? new double[own[name].Length] : state[name], own[name]);
    }

    [Fact]
    public void A_diverged_run_that_is_interrupted_can_still_be_saved()
    {
        using var run = new TinyRun(s_recipe with { LearningRate = 1e30 });
        run.RunUntil(r => r.Step == 3);
        run.Trainer.Save(Checkpoint);
        Assert.NotEmpty(SafetensorsFile.Open(Checkpoint).Tensors);
    }

    private void AssertResumesAs(Recipe recipe, List<EpochReport> before, int images)
    {
        using var whole = new TinyRun(recipe, images);
        List<EpochReport> expected = whole.Finish();
        using var resumed = new TinyRun(recipe, images);
        resumed.Trainer.Resume(Checkpoint);
        Assert.Equal(TrainerTests.Timeless(expected), TrainerTests.Timeless([.. before, .. resumed.Finish()]));
        Assert.All(expected, r => Assert.True(r is { EstimatingError: > 0, GradientStability: > 0 }));
        Assert.Equal(whole.Trainer.State, resumed.Trainer.State);
        Snapshot.AssertSame("resumed run", whole.State(), resumed.State());
    }
}
