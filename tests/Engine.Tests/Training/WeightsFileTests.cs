using ReSTE.Native.Checkpoints;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Engine.Tests.Checkpoints;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.StateFiles;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Training;

/// <summary>A file of weights and statistics: enough to use a network, nothing to resume from.</summary>
public sealed class WeightsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TinyRun _run = new(TinyRun.Recipe);

    private string Weights => _folder.File("weights.safetensors");

    private string Checkpoint => _folder.File("checkpoint.safetensors");

    public WeightsFileTests()
    {
        _run.Trainer.RunEpoch(null, CancellationToken.None);
        _run.Trainer.RunEpoch(null, CancellationToken.None);
        _run.Trainer.SaveWeights(Weights);
        _run.Trainer.Save(Checkpoint);
    }

    public void Dispose()
    {
        _run.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void It_holds_the_state_dict_of_a_checkpoint_and_no_more()
    {
        SafetensorsFile all = SafetensorsFile.Open(Checkpoint), weights = SafetensorsFile.Open(Weights);
        string[] expected = [.. all.Tensors.Select(t => t.Name).Where(name => !name.StartsWith("momentum/", StringComparison.Ordinal))];
        Assert.Equal(expected, weights.Tensors.Select(t => t.Name));
        foreach (string name in expected)
            Assert.True(all.Data(name).SequenceEqual(weights.Data(name)), name);
        string[] strings = ["data", "epoch", "format", "input", "recipe", SafetensorsChecksum.Key];
        if (_run.Trainer.State.BestEpoch == 1)
            strings = [.. strings, "best_prec1"];
        Assert.Equal(strings.Order(StringComparer.Ordinal), weights.Metadata.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("reste-weights-1", "1"), (weights.Metadata["format"], weights.Metadata["epoch"]));
        Assert.True(new FileInfo(Weights).Length < 0.6 * new FileInfo(Checkpoint).Length);
    }

    [Fact]
    public void A_new_run_starts_from_it()
    {
        using var other = new TinyRun(TinyRun.Recipe with { Seed = 99, Epochs = 7 });
        WeightsSource source = other.Trainer.StartFrom(Weights);
        Assert.Equal((2, Best, TinyRun.Recipe.Model), (source.Epoch, source.BestTop1, source.Model));
        Assert.Equal(_run.Trainer.Evaluate(null, CancellationToken.None), other.Trainer.Evaluate(null, CancellationToken.None));
        Assert.Equal((2, Best), (PublishedState.Open(Weights).Epoch, PublishedState.Open(Weights).BestTop1));
    }

    // Whole by its checksum, as a program that knows our format but not our rules could write it.
    [Fact]
    public void A_recipe_that_cannot_be_is_the_files_fault_wherever_it_is_read()
    {
        SafetensorsFile file = SafetensorsFile.Open(Weights);
        var writer = new SafetensorsWriter();
        foreach (var (key, value) in file.Metadata.Where(pair => pair.Key != SafetensorsChecksum.Key))
            writer.AddMetadata(key, key == "recipe" ? value.Replace("\"OEnd\":3", "\"OEnd\":0.5", StringComparison.Ordinal) : value);
        foreach (SafetensorsEntry tensor in file.Tensors)
            writer.Add(tensor.Name, tensor.Type, tensor.Shape.AsSpan(), file.Data(tensor.Name).ToArray());
        writer.AddChecksum();
        writer.Save(Checkpoint);
        using var device = new CpuDevice(1);
        foreach (Action read in new Action[]
            { () => _run.Trainer.LoadWeights(Checkpoint), () => Predictor.Open(Checkpoint, device).Dispose() })
        {
            CheckpointException refusal = Assert.Throws<CheckpointException>(read);
            Assert.Equal(CheckpointFault.NotACheckpoint, refusal.Kind);
            Assert.StartsWith($"{Checkpoint}: has a recipe that cannot be: ", refusal.Message, StringComparison.Ordinal);
        }
    }

    // As the command saves model_best: after the epoch that was the best one so far.
    [Fact]
    public void The_best_epoch_s_weights_keep_their_result_and_others_have_none()
    {
        using var run = new TinyRun(TinyRun.Recipe);
        run.Trainer.RunEpoch(null, CancellationToken.None);
        run.Trainer.SaveWeights(Weights);
        Assert.Equal(0, run.Trainer.State.BestEpoch);
        Assert.Equal(run.Trainer.State.BestTop1, PublishedState.Open(Weights).BestTop1);
        while (run.Trainer.State.BestEpoch == run.Trainer.State.Epoch - 1 && !run.Trainer.IsFinished)
            run.Trainer.RunEpoch(null, CancellationToken.None);
        Assert.SkipWhen(run.Trainer.State.BestEpoch == run.Trainer.State.Epoch - 1, "every epoch was better than the one before");
        run.Trainer.SaveWeights(Weights);
        Assert.Null(PublishedState.Open(Weights).BestTop1);
    }

    [Fact]
    public void A_best_result_that_is_no_number_is_damage()
    {
        Rewrite(text => text.Key == "best_prec1" ? null : text.Value, ("best_prec1", "high"));
        Assert.Equal(CheckpointFault.Damaged, Assert.Throws<CheckpointException>(() => PublishedState.Open(Weights)).Kind);
    }

    [Fact]
    public void It_predicts_and_evaluates_as_its_run_does()
    {
        var images = new byte[3 * 32 * 32 * 3];
        new Random(3).NextBytes(images);
        using Predictor expected = _run.Trainer.NewPredictor(2);
        using var device = new CpuDevice(1);
        using Predictor actual = Predictor.Open(Weights, device, batchSize: 2);
        Assert.Equal(expected.Logits(images), actual.Logits(images));

        using var other = new TinyRun(TinyRun.Recipe with { Seed = 99 });
        Assert.Equal(DataMatch.Same, other.Trainer.LoadWeights(Weights).Data);
        Assert.Equal(_run.Trainer.Evaluate(null, CancellationToken.None), other.Trainer.Evaluate(null, CancellationToken.None));
    }

    [Fact]
    public void Loaded_weights_are_looked_at_and_neither_trained_nor_saved()
    {
        using var other = new TinyRun(TinyRun.Recipe);
        other.Trainer.RunEpoch(null, CancellationToken.None);
        Assert.Equal(2, other.Trainer.LoadWeights(Weights).Epoch);
        string saved = _folder.File("other.safetensors");
        foreach (Action use in new Action[] { () => other.Trainer.Save(saved), () => other.Trainer.SaveWeights(saved),
            () => other.Trainer.RunEpoch(null, CancellationToken.None), other.Trainer.Step })
        {
            Assert.StartsWith("the weights were loaded to be evaluated", Assert.Throws<InvalidOperationException>(use).Message,
                StringComparison.Ordinal);
        }

        Assert.False(File.Exists(saved));
        Assert.Equal(_run.Trainer.Evaluate(null, CancellationToken.None), other.Trainer.Evaluate(null, CancellationToken.None));
        using Predictor expected = _run.Trainer.NewPredictor(1), actual = other.Trainer.NewPredictor(1);
        Assert.Equal(expected.Logits(new byte[32 * 32 * 3]), actual.Logits(new byte[32 * 32 * 3]));
        other.Trainer.Resume(Checkpoint);
        other.Trainer.RunEpoch(null, CancellationToken.None);
        other.Trainer.Save(saved);
    }

    [Fact]
    public void A_run_that_looked_at_a_file_can_still_start_from_one()
    {
        using var other = new TinyRun(TinyRun.Recipe);
        other.Trainer.LoadWeights(Weights);
        other.Trainer.StartFrom(Weights);
        other.Trainer.RunEpoch(null, CancellationToken.None);
        other.Trainer.LoadWeights(Weights);
        StateFile.SavePyTorch(PublishedState.Open(Checkpoint), _folder.File("theirs"));
        other.Trainer.ResumeForeign(_folder.File("theirs"));
        Assert.Equal(2, other.Trainer.RunEpoch(null, CancellationToken.None).Epoch);
    }

    [Fact]
    public void Resuming_from_it_is_refused_and_touches_nothing()
    {
        using var other = new TinyRun(TinyRun.Recipe);
        Dictionary<string, double[]> before = other.State();
        var refusal = Assert.Throws<CheckpointException>(() => other.Trainer.Resume(Weights));
        Assert.Equal(CheckpointFault.WeightsOnly, refusal.Kind);
        Assert.EndsWith("holds weights and statistics only, nothing to resume from", refusal.Message, StringComparison.Ordinal);
        Snapshot.AssertSame("refused", before, other.State());
    }

    [Fact]
    public void A_checkpoint_with_everything_still_serves_as_weights()
    {
        using var other = new TinyRun(TinyRun.Recipe with { Seed = 99 });
        WeightsSource source = other.Trainer.LoadWeights(Checkpoint);
        Assert.Equal((DataMatch.Same, 2, _run.Trainer.State.BestTop1), (source.Data, source.Epoch, source.BestTop1));
        Assert.Equal(_run.Trainer.Evaluate(null, CancellationToken.None), other.Trainer.Evaluate(null, CancellationToken.None));
    }

    [Theory]
    [InlineData("format", "reste-training-2")]
    [InlineData("epoch", "0")]
    public void A_changed_string_is_damage(string key, string value)
    {
        SafetensorsFile file = SafetensorsFile.Open(Weights);
        var writer = new SafetensorsWriter();
        foreach (var (name, text) in file.Metadata)
            writer.AddMetadata(name, name == key ? value : text);
        foreach (SafetensorsEntry t in file.Tensors)
            writer.Add(t.Name, t.Type, t.Shape.AsSpan(), file.Data(t.Name).ToArray());
        writer.Save(Weights);
        using var device = new CpuDevice(1);
        Assert.Equal(CheckpointFault.Damaged, Assert.Throws<CheckpointException>(() => Predictor.Open(Weights, device)).Kind);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("3")]
    [InlineData("two")]
    public void An_epoch_that_the_run_does_not_have_is_damage(string? epoch)
    {
        Rewrite(text => text.Key == "epoch" ? null : text.Value, epoch is null ? [] : [("epoch", epoch)]);
        using var device = new CpuDevice(1);
        Assert.Equal(CheckpointFault.Damaged, Assert.Throws<CheckpointException>(() => Predictor.Open(Weights, device)).Kind);
    }

    private double? Best => _run.Trainer.State.BestEpoch == 1 ? _run.Trainer.State.BestTop1 : null;

    /// <summary>Writes the file again with other strings, null leaves one out, and a checksum that fits.</summary>
    private void Rewrite(Func<KeyValuePair<string, string>, string?> text, params (string Key, string Text)[] more)
    {
        SafetensorsFile file = SafetensorsFile.Open(Weights);
        var writer = new SafetensorsWriter();
        foreach (var entry in file.Metadata.Where(entry => entry.Key != SafetensorsChecksum.Key))
        {
            if (text(entry) is { } kept)
                writer.AddMetadata(entry.Key, kept);
        }

        foreach (var (key, added) in more)
            writer.AddMetadata(key, added);
        foreach (SafetensorsEntry t in file.Tensors)
            writer.Add(t.Name, t.Type, t.Shape.AsSpan(), file.Data(t.Name).ToArray());
        writer.AddChecksum();
        writer.Save(Weights);
    }
}
