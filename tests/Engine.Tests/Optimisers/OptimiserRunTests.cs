using ReSTE.Native.Checkpoints;
using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Engine.Tests.Batches;
using ReSTE.Native.Engine.Tests.Checkpoints;
using ReSTE.Native.Engine.Tests.Embedding;
using ReSTE.Native.Engine.Tests.Estimators;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Engine.Tests.Training;
using ReSTE.Native.Tapes;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Optimisers;

/// <summary>Whole runs with each optimiser, and with Bop beside it: they learn, and go on from a file as uninterrupted.</summary>
public sealed class OptimiserRunTests : IDisposable
{
    private const string Steps = "run/adam.steps";

    private readonly TemporaryFolder _folder = new();

    private string Checkpoint => _folder.File("checkpoint.safetensors");

    public static TheoryData<string, string, string> Runs
    {
        get
        {
            var runs = new TheoryData<string, string, string>();
            foreach (string device in new[] { "cpu", "reference", "cuda" })
                foreach (var (optimiser, estimator) in new[] { ("Adam", "ReSTE"), ("AdamW", "Bop"), ("SGD", "Bop") })
                    runs.Add(device, optimiser, estimator);
            return runs;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Runs))]
    public void A_run_resumes_bit_for_bit(string kind, string optimiser, string estimator)
    {
        Recipe recipe = Small with { Optimiser = optimiser, Estimator = estimator };
        using Device device = Stripes.Open(kind);
        using Trainer whole = NewTrainer(recipe, device);
        Finish(whole);
        using (Trainer stopped = NewTrainer(recipe, device))
        {
            using var stop = new CancellationTokenSource();
            var progress = new TinyRun.Calling(report =>
            {
                if (report is { Epoch: 1, Phase: Phase.Training, Step: 0 })
                    stop.Cancel();
            });
            stopped.RunEpoch(progress, stop.Token);
            Assert.Throws<OperationCanceledException>(() => stopped.RunEpoch(progress, stop.Token));
            stopped.Save(Checkpoint);
        }

        using Trainer resumed = NewTrainer(recipe, device);
        resumed.Resume(Checkpoint);
        Finish(resumed);
        Snapshot.AssertSame(kind, Snapshot.OfState(whole.Parameters), Snapshot.OfState(resumed.Parameters));
    }

    [Fact]
    public void Each_keeps_its_states_for_its_share()
    {
        Recipe recipe = Small with { Optimiser = "adam", Estimator = "Bop" };
        using var device = new CpuDevice(1);
        using Trainer trainer = NewTrainer(recipe, device);
        trainer.Next();
        foreach (Parameter p in trainer.Parameters.Parameters)
        {
            Assert.Equal(p.IsBinary ? ["bop.mean"] : ["adam.mean", "adam.square"], p.States.Keys);
            if (p.IsBinary)
                Assert.All(p.Read(), w => Assert.Equal(1, Math.Abs(w)));
        }

        trainer.Save(Checkpoint);
        trainer.SaveWeights(_folder.File("weights"));
        SafetensorsFile file = SafetensorsFile.Open(Checkpoint);
        // 26 images in batches of 8.
        Assert.Equal([4], file.ReadFloat64(Steps));
        Assert.Equal(["adam.mean", "adam.square", "bop.mean", "run"], file.Tensors.Select(t => t.Name).Where(n => n.Contains('/'))
            .Select(n => n[..n.IndexOf('/')]).Distinct().Order(StringComparer.Ordinal));
        Assert.DoesNotContain(SafetensorsFile.Open(_folder.File("weights")).Tensors, t => t.Name.Contains('/'));
        Assert.DoesNotContain(PublishedState.Open(Checkpoint).Entries, e => e.Name.Contains('/'));
    }

    [Fact]
    public void A_run_that_starts_from_weights_counts_its_own_steps()
    {
        using var device = new CpuDevice(1);
        using (Trainer first = NewTrainer(Small with { Optimiser = "Adam" }, device))
        {
            first.Next();
            first.Save(Checkpoint);
        }

        using Trainer second = NewTrainer(Small with { Optimiser = "Adam" }, device), sgd = NewTrainer(Small, device);
        second.StartFrom(Checkpoint);
        Assert.Equal([0], second.Parameters.States.OfRun.Single().Read());
        Assert.All(second.Parameters.Parameters.SelectMany(p => p.States.Values).SelectMany(s => s.Read()), v => Assert.Equal(0, v));
        second.Next();
        Assert.Equal([4], second.Parameters.States.OfRun.Single().Read());
        // What another optimiser kept is no part of the weights.
        sgd.StartFrom(Checkpoint);
        sgd.Next();
    }

    [Fact]
    public void A_run_goes_on_with_its_own_optimiser_only()
    {
        using var device = new CpuDevice(1);
        using (Trainer first = NewTrainer(Small, device))
        {
            first.Next();
            first.Save(Checkpoint);
        }

        using Trainer other = NewTrainer(Small with { Optimiser = "Adam" }, device);
        using Trainer same = NewTrainer(Small with { Optimiser = "sgd" }, device);
        CheckpointException refused = Assert.Throws<CheckpointException>(() => other.Resume(Checkpoint));
        Assert.Equal(CheckpointFault.OtherSettings, refused.Kind);
        Assert.Equal(new SettingDifference("Optimiser", "SGD", "Adam"), Assert.Single(refused.Settings));
        same.Resume(Checkpoint);
    }

    [Theory]
    [InlineData("Adem", "Adam")]
    [InlineData("sgdd", "SGD")]
    [InlineData("lamb", "SGD, Adam, AdamW")]
    public void An_unknown_name_is_refused_with_the_nearest(string name, string suggested)
    {
        using var device = new CpuDevice(1);
        var refused = Assert.Throws<RecipeException>(() => NewTrainer(Small with { Optimiser = name }, device));
        Assert.Equal((RecipeFault.UnknownName, "Optimiser"), (refused.Reason, refused.Setting));
        Assert.Equal(suggested, string.Join(", ", refused.Suggestions));
    }

    [Theory]
    [InlineData("Adam", "ReSTE", 0.005)]
    [InlineData("AdamW", "STE", 0.005)]
    [InlineData("Adam", "Bop", 0.005)]
    [InlineData("SGD", "Bop", 0.05)]
    public void It_learns(string optimiser, string estimator, double rate)
    {
        Dictionary<string, EstimatorArgument> arguments = estimator == "Bop" ? new() { ["gamma"] = 0.01, ["threshold"] = 1e-6 } : [];
        Recipe recipe = TinyRun.Recipe with { Optimiser = optimiser, Estimator = estimator, EstimatorArguments = arguments };
        using var run = new TinyRun(recipe with { LearningRate = rate, Epochs = 8 }, augment: false);
        List<EpochReport> reports = run.Finish();
        Assert.True(reports[^1].Train.Loss < 0.8 * reports[0].Train.Loss,
            string.Join(", ", reports.Select(r => r.Train.Loss)));
    }

    private static Recipe Small => CifarShaped.Recipe with { Model = "slots", BatchSize = 8, LearningRate = 0.01 };

    private static Trainer NewTrainer(Recipe recipe, Device device)
    {
        var random = new Random(8);
        var pixels = new byte[26 * SlotRun.Shape.Bytes];
        random.NextBytes(pixels);
        Dataset images = Dataset.FromArrays("noise", pixels, [.. Enumerable.Range(0, 26).Select(i => i % 3)], SlotRun.Shape, 3);
        var data = new DataSplits(images, images.Limit(8), new Preprocessing([0.5f, 0.5f], [0.25f, 0.25f], CropPadding: 1, Flip: true));
        return new Trainer(recipe, device, data, SlotRun.Network);
    }

    private static void Finish(Trainer trainer)
    {
        while (!trainer.IsFinished)
            trainer.Next();
    }
}
