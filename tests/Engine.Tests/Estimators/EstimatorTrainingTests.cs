using ReSTE.Native.Checkpoints;
using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Engine.Tests.Checkpoints;
using ReSTE.Native.Engine.Tests.Embedding;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Engine.Tests.Training;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Estimators;

/// <summary>Every catalogued estimator trains, resumes bit for bit on every device, and is loaded as what it was.</summary>
public sealed class EstimatorTrainingTests
{
    public static TheoryData<string> Names => [.. EstimatorCatalog.Names];

    public static TheoryData<string, string> OnDevices
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (string name in EstimatorCatalog.Names)
                foreach (string device in (string[])["cpu", "reference", "cuda"])
                    rows.Add(name, device);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_learns(string name)
    {
        using var device = new CpuDevice(2);
        using Trainer trainer = NewTrainer(name, device, epochs: 8);
        double first = trainer.Next().Train.Loss, last = first;
        while (!trainer.IsFinished)
            last = trainer.Next().Train.Loss;
        Assert.True(last < first, $"the loss went from {first:f4} to {last:f4}");
    }

    [Theory]
    [MemberData(nameof(OnDevices))]
    public void It_resumes_bit_for_bit(string name, string kind)
    {
        using var folder = new TemporaryFolder();
        using Device device = Stripes.Open(kind);
        using Trainer whole = NewTrainer(name, device, epochs: 3);
        Finish(whole);
        using (Trainer stopped = NewTrainer(name, device, epochs: 3))
        {
            using var stop = new CancellationTokenSource();
            var progress = new TinyRun.Calling(report =>
            {
                if (report is { Epoch: 1, Phase: Phase.Training, Step: 0 })
                    stop.Cancel();
            });
            stopped.RunEpoch(progress, stop.Token);
            Assert.Throws<OperationCanceledException>(() => stopped.RunEpoch(progress, stop.Token));
            stopped.Save(folder.File("checkpoint"));
        }

        using Trainer resumed = NewTrainer(name, device, epochs: 3);
        resumed.Resume(folder.File("checkpoint"));
        Finish(resumed);
        Snapshot.AssertSame($"{name} on {kind}", Snapshot.OfState(whole.Parameters), Snapshot.OfState(resumed.Parameters));
        Assert.Equal(whole.State with { Seconds = 0 }, resumed.State with { Seconds = 0 });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_weights_are_loaded_as_what_they_were(string name)
    {
        using var folder = new TemporaryFolder();
        using var device = new CpuDevice(1);
        using Trainer trainer = NewTrainer(name, device, epochs: 3);
        Finish(trainer);
        PassResult tested = trainer.Evaluate(null, TestContext.Current.CancellationToken);
        trainer.SaveWeights(folder.File("weights"));
        using Predictor own = trainer.NewPredictor(16), loaded = Predictor.Open(folder.File("weights"), device, Stripes.Network, 16);
        Assert.Equal(own.Logits(Stripes.Test.Pixels), loaded.Logits(Stripes.Test.Pixels));
        using Trainer evaluating = NewTrainer(name, device, epochs: 5);
        evaluating.LoadWeights(folder.File("weights"));
        Assert.Equal(tested, evaluating.Evaluate(null, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("IRNet")]
    [InlineData("XNOR")]
    [InlineData("OvSW")]
    [InlineData("BiPer")]
    [InlineData("Bop")]
    public void Weights_that_compute_otherwise_are_not_evaluated_as_another_estimator_s(string name)
    {
        using var folder = new TemporaryFolder();
        using var device = new CpuDevice(1);
        using Trainer trained = NewTrainer(name, device, epochs: 1), other = NewTrainer("ReSTE", device, epochs: 1);
        trained.SaveWeights(folder.File("weights"));
        CheckpointException refusal = Assert.Throws<CheckpointException>(() => other.LoadWeights(folder.File("weights")));
        Assert.Equal(CheckpointFault.OtherNetwork, refusal.Kind);
        Assert.Contains($"was trained with {name}, whose networks compute", refusal.Message, StringComparison.Ordinal);
        Assert.Equal([new SettingDifference("Estimator", name, "ReSTE")], refusal.Settings);
    }

    [Fact]
    public void Weights_that_compute_the_same_are_evaluated_as_any_estimator_s()
    {
        using var folder = new TemporaryFolder();
        using var device = new CpuDevice(1);
        using Trainer trained = NewTrainer("EDE", device, epochs: 1), other = NewTrainer("ReSTE", device, epochs: 1);
        trained.Next();
        trained.SaveWeights(folder.File("weights"));
        PassResult tested = trained.Evaluate(null, TestContext.Current.CancellationToken);
        other.LoadWeights(folder.File("weights"));
        Assert.Equal(tested, other.Evaluate(null, TestContext.Current.CancellationToken));
    }

    private static void Finish(Trainer trainer)
    {
        while (!trainer.IsFinished)
            trainer.Next();
    }

    private static Trainer NewTrainer(string name, Device device, int epochs) => new(
        Stripes.Recipe with { Estimator = name, Epochs = epochs, RealActivations = name == "AdaSTE" },
        device, Stripes.Data, Stripes.Network);
}
