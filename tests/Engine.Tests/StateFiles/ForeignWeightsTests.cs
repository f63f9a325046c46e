using ReSTE.Native.Checkpoints;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Engine.Tests.Checkpoints;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Engine.Tests.Training;
using ReSTE.Native.StateFiles;
using ReSTE.Native.Tapes;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.StateFiles;

/// <summary>Weights from PyTorch's files in a trainer: evaluated, started from, gone on with, or refused as a whole.</summary>
public sealed class ForeignWeightsTests : IDisposable
{
    private static readonly Recipe s_recipe = TinyRun.Recipe;

    private readonly TemporaryFolder _folder = new();

    private string Ours => _folder.File("ours.safetensors");

    private string PyTorch => _folder.File("theirs.pth.tar");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Ours_written_for_PyTorch_comes_back_with_the_same_bits()
    {
        using var run = Trained(epochs: 1);
        StateFile.SavePyTorch(PublishedState.Open(Ours), PyTorch);
        StateFile.SaveSafetensors(StateFile.Open(PyTorch), _folder.File("back.safetensors"));
        SafetensorsFile ours = SafetensorsFile.Open(Ours), back = SafetensorsFile.Open(_folder.File("back.safetensors"));
        string[] published = [.. ours.Tensors.Select(t => t.Name).Where(name => !name.StartsWith("momentum/", StringComparison.Ordinal))];
        Assert.Equal(published.Order(StringComparer.Ordinal), back.Tensors.Select(t => t.Name).Order(StringComparer.Ordinal));
        Assert.All(published, name => Assert.True(ours.Data(name).SequenceEqual(back.Data(name)), name));
        StateDictionary read = StateFile.Open(PyTorch);
        Assert.Equal(("resnet20_1w1a", 1, run.Trainer.State.BestTop1), (read.Model, read.Epoch, read.BestTop1));
    }

    [Fact]
    public void A_network_evaluates_the_same_from_either_file()
    {
        using var run = Trained(epochs: 1);
        StateFile.SavePyTorch(PublishedState.Open(Ours), PyTorch);
        using var other = new TinyRun(s_recipe);
        WeightsSource source = other.Trainer.LoadWeights(PyTorch);
        Assert.Equal(DataMatch.Unknown, source.Data);
        Assert.Equal((CheckpointForm.PyTorchZip, "resnet20_1w1a", 1, null), (source.Form, source.Model, source.Epoch, source.Recipe));
        Assert.Equal(run.Trainer.Evaluate(null, CancellationToken.None), other.Trainer.Evaluate(null, CancellationToken.None));
    }

    [Fact]
    public void A_run_goes_on_from_PyTorch_s_file_with_momentum_at_zero()
    {
        using var run = Trained(epochs: 2);
        StateFile.SavePyTorch(PublishedState.Open(Ours), PyTorch);
        using var resumed = new TinyRun(s_recipe);
        resumed.Trainer.RunEpoch(null, CancellationToken.None);
        resumed.Trainer.ResumeForeign(PyTorch);
        AssertWeights(run.Trainer, resumed.Trainer);
        Assert.All(Momenta(resumed.Trainer), momentum => Assert.All(momentum, v => Assert.Equal(0, v)));
        Assert.Equal((2, 10, run.Trainer.State.BestTop1),
            (resumed.Trainer.State.Epoch, resumed.Trainer.State.Steps, resumed.Trainer.State.BestTop1));
        EpochReport last = resumed.Trainer.RunEpoch(null, CancellationToken.None);
        double rate = LearningRateSchedule.Published(s_recipe.LearningRate, s_recipe.Epochs, false).Rate(2);
        Assert.Equal((2, rate), (last.Epoch, last.LearningRate));
        Assert.True(resumed.Trainer.IsFinished);
        resumed.Trainer.Save(Ours);
        Assert.Equal(3, PublishedState.Open(Ours).Epoch);
    }

    [Fact]
    public void A_run_starts_from_weights_of_another_recipe_and_data_set()
    {
        using (var stage = new TinyRun(s_recipe with { RealActivations = true, Dataset = "shapes", Epochs = 1 }))
        {
            stage.Finish();
            stage.Trainer.Save(Ours);
        }

        using var second = new TinyRun(s_recipe);
        WeightsSource source = second.Trainer.StartFrom(Ours);
        Assert.Equal((true, "shapes", 1), (source.Recipe!.RealActivations, source.Recipe.Dataset, source.Epoch));
        StateDictionary first = PublishedState.Open(Ours);
        foreach (Parameter p in second.Trainer.Parameters.Parameters)
            Assert.Equal(first.ReadFloat64(p.Name), p.Read());
        Assert.All(Momenta(second.Trainer), momentum => Assert.All(momentum, v => Assert.Equal(0, v)));
        Assert.Equal((0, 0L, -1), (second.Trainer.State.Epoch, second.Trainer.State.Steps, second.Trainer.State.BestEpoch));
        Assert.Equal(3, second.Finish().Count);
    }

    [Fact]
    public void Training_that_has_begun_does_not_start_from_a_file()
    {
        using var run = Trained(epochs: 1);
        Assert.Throws<InvalidOperationException>(() => run.Trainer.StartFrom(Ours));
    }

    [Fact]
    public void What_does_not_fit_is_listed_whole_and_changes_nothing()
    {
        using var run = Trained(epochs: 1);
        StateDictionary whole = PublishedState.Open(Ours);
        var entries = new OrderedDictionary<string, StateEntry>();
        foreach (StateEntry entry in whole.Entries.Where(e => e.Name is not ("conv1.weight" or "bn1.bias" or "bn1.num_batches_tracked")))
            entries.Add(entry.Name, entry);
        byte[] numbers = TorchBytes.Floats(16);
        void Add(string name, params long[] shape) =>
            entries[name] = new StateEntry(name, SafetensorsType.F32, [.. shape], TensorView.Whole(numbers, shape));
        Add("layer9.weight", 4, 4);
        Add("conv9.num_batches_tracked");
        Add("linear.bias", 16);
        Add("layer1.0.bn1.weight", 4, 4);
        StateFile.SavePyTorch(new StateDictionary("misfit", CheckpointForm.Safetensors, entries), PyTorch);
        using var other = new TinyRun(s_recipe);
        Dictionary<string, double[]> before = Snapshot.OfState(other.Trainer.Parameters);
        foreach (Action load in new Action[] { () => other.Trainer.LoadWeights(PyTorch), () => other.Trainer.StartFrom(PyTorch) })
        {
            CheckpointException refusal = Assert.Throws<CheckpointException>(load);
            Assert.Equal((CheckpointFault.OtherNetwork, $"{PyTorch}: does not fit the network: 2 missing ('conv1.weight', 'bn1.bias'); "
                + "2 unexpected ('layer9.weight', 'conv9.num_batches_tracked'); 2 of another shape "
                + "(layer1.0.bn1.weight has shape [4,4], the network wants [16], linear.bias has shape [16], the network wants [10])"),
                (refusal.Kind, refusal.Message));
        }

        Snapshot.AssertSame("refused", before, Snapshot.OfState(other.Trainer.Parameters));
    }

    [Fact]
    public void A_file_that_names_another_network_or_no_epoch_is_refused()
    {
        using var run = Trained(epochs: 2);
        StateDictionary whole = PublishedState.Open(Ours);
        var entries = new OrderedDictionary<string, StateEntry>(whole.Entries.Select(e => KeyValuePair.Create(e.Name, e)));
        StateFile.SavePyTorch(new StateDictionary("x", CheckpointForm.Safetensors, entries) { Model = "resnet20" }, PyTorch);
        using var other = new TinyRun(s_recipe);
        CheckpointException refusal = Assert.Throws<CheckpointException>(() => other.Trainer.LoadWeights(PyTorch));
        Assert.Equal((CheckpointFault.OtherNetwork, "resnet20"), (refusal.Kind, Assert.Single(refusal.Settings).Saved));
        other.Trainer.StartFrom(PyTorch);
        Assert.Equal(CheckpointFault.Incomplete, Assert.Throws<CheckpointException>(() => other.Trainer.ResumeForeign(PyTorch)).Kind);
        StateFile.SavePyTorch(whole, PyTorch);
        using var shorter = new TinyRun(s_recipe with { Epochs = 1 });
        refusal = Assert.Throws<CheckpointException>(() => shorter.Trainer.ResumeForeign(PyTorch));
        Assert.Equal((CheckpointFault.OtherSettings, "Epochs"), (refusal.Kind, Assert.Single(refusal.Settings).Name));
    }

    [Fact]
    public void What_needs_a_recipe_does_not_take_weights_alone()
    {
        using var run = Trained(epochs: 1);
        StateFile.SavePyTorch(PublishedState.Open(Ours), PyTorch);
        using var device = new CpuDevice(1);
        foreach (Action read in new Action[] { () => run.Trainer.Resume(PyTorch), () => Predictor.Open(PyTorch, device) })
        {
            CheckpointException refusal = Assert.Throws<CheckpointException>(read);
            const string What = "holds weights saved from PyTorch (zip form), not a checkpoint of this program: "
                + "it has weights alone, and no recipe of their training";
            Assert.Equal((CheckpointFault.NotACheckpoint, $"{PyTorch}: {What}"), (refusal.Kind, refusal.Message));
        }

        Assert.Contains("with everything it holds", Assert.Throws<CheckpointException>(() => run.Trainer.ResumeForeign(Ours)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>They were trained on, and its best result is of the test images.</summary>
    [Fact]
    public void A_run_with_images_held_out_does_not_go_on_with_one_that_held_out_none()
    {
        using var run = Trained(epochs: 1);
        StateFile.SavePyTorch(PublishedState.Open(Ours), PyTorch);
        using var other = new TinyRun(s_recipe with { ValidationSplit = 0.25, BatchSize = 6 });
        Dictionary<string, double[]> before = Snapshot.OfState(other.Trainer.Parameters);
        CheckpointException refusal = Assert.Throws<CheckpointException>(() => other.Trainer.ResumeForeign(PyTorch));
        Assert.Equal(CheckpointFault.OtherData, refusal.Kind);
        Assert.Contains("was trained on the images that are held out now", refusal.Message, StringComparison.Ordinal);
        Snapshot.AssertSame("refused", before, Snapshot.OfState(other.Trainer.Parameters));
        Assert.Equal(1, other.Trainer.StartFrom(PyTorch).Epoch);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1)]
    [InlineData(100.5)]
    public void A_best_result_that_cannot_be_is_none(double best)
    {
        using var run = Trained(epochs: 1);
        SaveWithBest(best);
        using var resumed = new TinyRun(s_recipe);
        Assert.Null(resumed.Trainer.ResumeForeign(PyTorch).BestTop1);
        Assert.Equal((0, -1), (resumed.Trainer.State.BestTop1, resumed.Trainer.State.BestEpoch));
        EpochReport next = resumed.Trainer.RunEpoch(null, TestContext.Current.CancellationToken);
        Assert.Equal((true, 1), (next.IsBest, resumed.Trainer.State.BestEpoch));
    }

    [Fact]
    public void A_best_result_that_no_later_epoch_surpasses_stays_of_an_unknown_epoch()
    {
        using var run = Trained(epochs: 1);
        SaveWithBest(100);
        using var resumed = new TinyRun(s_recipe);
        Assert.Equal(100, resumed.Trainer.ResumeForeign(PyTorch).BestTop1);
        Assert.All(resumed.Finish(), report => Assert.False(report.IsBest));
        Assert.Equal((100, -1), (resumed.Trainer.State.BestTop1, resumed.Trainer.State.BestEpoch));
        resumed.Trainer.Save(Ours);
        using var again = new TinyRun(s_recipe);
        again.Trainer.Resume(Ours);
        Assert.Equal(resumed.Trainer.State, again.Trainer.State);
    }

    private void SaveWithBest(double best)
    {
        StateDictionary whole = PublishedState.Open(Ours);
        var entries = new OrderedDictionary<string, StateEntry>(whole.Entries.Select(e => KeyValuePair.Create(e.Name, e)));
        StateFile.SavePyTorch(new StateDictionary("x", CheckpointForm.Safetensors, entries) { Epoch = 1, BestTop1 = best }, PyTorch);
    }

    private TinyRun Trained(int epochs)
    {
        var run = new TinyRun(s_recipe);
        for (int epoch = 0; epoch < epochs; epoch++)
            run.Trainer.RunEpoch(null, CancellationToken.None);
        run.Trainer.Save(Ours);
        return run;
    }

    private static IEnumerable<double[]> Momenta(Trainer trainer) =>
        trainer.Parameters.Parameters.SelectMany(p => p.States.Values).Select(state => state.Read());

    private static void AssertWeights(Trainer expected, Trainer actual)
    {
        foreach (var (one, other) in expected.Parameters.Parameters.Zip(actual.Parameters.Parameters))
            Assert.Equal(one.Read(), other.Read());
        foreach (var (one, other) in expected.Parameters.Statistics.Zip(actual.Parameters.Statistics))
            Assert.Equal(one.Read(), other.Read());
    }
}
