using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Engine.Tests.Checkpoints;
using ReSTE.Native.Engine.Tests.Embedding;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Estimators;
using ReSTE.Native.Networks;
using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Training;

/// <summary>Runs with AdaSTE: they learn, resume, and are refused where they cannot be what it means.</summary>
public sealed class AdaSteTrainingTests
{
    private static readonly Recipe s_recipe = new()
    {
        Model = "tiny",
        Estimator = "AdaSTE",
        RealActivations = true,
        Epochs = 6,
        BatchSize = 8,
        BatchSizeTest = 10,
        LearningRate = 0.01,
        Momentum = 0.5,
        Seed = 3,
    };

    /// <summary>Every layer binary, and one real one after them, which the recipe's optimiser trains.</summary>
    private static readonly Network s_network = new("tiny", (net, image, classes) =>
    {
        BatchNormSettings plain = BatchNormSettings.Default with { Affine = false };
        Value x = net.BinaryUnit("conv1", "bn1", net.AveragePool("shrink", image, 4), 24, 3, 1, 1, Initialisation.Normal(0.5),
            activation: Activation.None, settings: plain);
        x = net.BinaryConv("conv2", net.Relu("relu1", x), 24, 3, 2, 1, Initialisation.Normal(0.5));
        x = net.Relu("relu2", net.BatchNorm("bn2", x, settings: plain));
        x = net.BinaryLinear("fc", net.Flatten("flat", x), 32, Initialisation.Normal(0.5), Initialisation.Normal(0.5));
        x = net.Relu("relu3", net.BatchNorm("bn3", x, settings: plain));
        return net.Linear("head", x, classes, Initialisation.PyTorchDefault(32), Initialisation.Constant(0));
    });

    [Theory]
    [InlineData("faithful", 0.01, 1)]
    [InlineData("corrected", 0.2, 0.001)]
    public void It_learns_in_both_presets(string preset, double rate, double decay)
    {
        using Device device = new CpuDevice(1);
        using Trainer trainer = NewTrainer(With(preset, epochs: 12, ("decay", decay)) with { LearningRate = rate }, device);
        List<double> losses = [];
        while (!trainer.IsFinished)
            losses.Add(trainer.Next().Train.Loss);
        Assert.True(losses[^1] < 0.7 * losses[0], string.Join(", ", losses));
        // The latent weights have moved, and evaluation sees their signs alone.
        Assert.Contains(trainer.Parameters.Parameters.Single(p => p.Name == "conv2.weight").Read(), w => Math.Abs(w) != 10);
    }

    [Theory]
    [InlineData("faithful", "cpu")]
    [InlineData("corrected", "cpu")]
    [InlineData("corrected", "reference")]
    [InlineData("faithful", "cuda")]
    public void A_run_resumes_bit_for_bit(string preset, string kind)
    {
        using var folder = new TemporaryFolder();
        using Device device = Stripes.Open(kind);
        using Trainer whole = NewTrainer(With(preset, epochs: 2), device);
        while (!whole.IsFinished)
            whole.Next();
        using (Trainer stopped = NewTrainer(With(preset, epochs: 2), device))
        {
            using var stop = new CancellationTokenSource();
            var progress = new TinyRun.Calling(report =>
            {
                if (report is { Epoch: 1, Phase: Phase.Training, Step: 1 })
                    stop.Cancel();
            });
            stopped.RunEpoch(progress, stop.Token);
            Assert.Throws<OperationCanceledException>(() => stopped.RunEpoch(progress, stop.Token));
            stopped.Save(folder.File("checkpoint"));
        }

        using Trainer resumed = NewTrainer(With(preset, epochs: 2), device);
        resumed.Resume(folder.File("checkpoint"));
        while (!resumed.IsFinished)
            resumed.Next();
        Dictionary<string, double[]> expected = Snapshot.OfState(whole.Parameters);
        Assert.Contains("adaste.momentum of fc.bias", expected.Keys);
        Assert.Contains("momentum of head.weight", expected.Keys);
        Snapshot.AssertSame(kind, expected, Snapshot.OfState(resumed.Parameters));
    }

    [Fact]
    public void Activations_that_are_to_be_binary_are_refused()
    {
        using Device device = new CpuDevice(1);
        var problem = Assert.Throws<RecipeException>(() => NewTrainer(s_recipe with { RealActivations = false }, device));
        Assert.Equal((RecipeFault.Conflict, nameof(Recipe.RealActivations)), (problem.Reason, problem.Setting));
        Assert.Equal("AdaSTE binarises weights alone; activations must stay real", problem.Expected);
        Assert.Throws<RecipeException>(() => EstimatorCatalog.Create(s_recipe with { RealActivations = false }));
        Assert.Throws<RecipeException>(() => new Trainer(s_recipe with { RealActivations = false }, device, TinyImages.Splits(40),
            s_network, new AdaSte(AdaSteSettings.Corrected)));
    }

    [Theory]
    [InlineData("mu", 0)]
    [InlineData("mu", double.NaN)]
    [InlineData("rate", 0.5)]
    [InlineData("alpha", 0)]
    [InlineData("alpha", 1)]
    [InlineData("dead_zone", -1e-3)]
    [InlineData("cap", 0)]
    [InlineData("n", 0)]
    [InlineData("decay", -1)]
    public void An_argument_outside_its_domain_is_refused(string name, double value) => Refused(name, value);

    [Fact]
    public void A_preset_that_does_not_exist_is_refused()
    {
        RecipeException problem = Refused("preset", "fixed");
        Assert.Equal("it must be faithful or corrected", problem.Expected);
        Assert.Equal("preset=fixed", problem.Value);
        RecipeException rest = Assert.Throws<RecipeException>(() => EstimatorCatalog.Create(s_recipe with { Momentum = 1 }));
        Assert.Equal(nameof(Recipe.Momentum), rest.Setting);
    }

    // N is ten times the images, or on images of 224 pixels the batches, the last one counted.
    [Fact]
    public void What_an_argument_is_without_being_given_depends_on_preset_and_data()
    {
        Recipe Complete(Recipe recipe, int side = 32) => EstimatorCatalog.Complete(recipe, new TinyImages(45, side: side));
        Assert.Equal("preset=faithful, mu=0.01, rate=1.05, alpha=0.01, cap=0.5, dead_zone=0.001, decay=1, n=450", Text(Complete(s_recipe)));
        Assert.Equal("n=60", Text(Complete(s_recipe, side: 224)).Split(", ")[^1]);
        Assert.Equal("preset=corrected, mu=0.01, rate=1.05, alpha=0.01, cap=0.5, dead_zone=0, decay=1, n=1",
            Text(Complete(With("corrected", 2))));
        Assert.Equal("n=7", Text(Complete(With("faithful", 2, ("n", 7)))).Split(", ")[^1]);
        Assert.DoesNotContain("n=", Text(EstimatorCatalog.Complete(s_recipe)).Split(", ")[^1], StringComparison.Ordinal);
    }

    private static string Text(Recipe recipe) => string.Join(", ", recipe.EstimatorArguments.Select(a => $"{a.Key}={a.Value}"));

    private static RecipeException Refused(string name, EstimatorArgument value)
    {
        var arguments = new Dictionary<string, EstimatorArgument> { [name] = value };
        var problem = Assert.Throws<RecipeException>(() => EstimatorCatalog.Create(s_recipe with { EstimatorArguments = arguments }));
        Assert.Equal((RecipeFault.OutOfRange, nameof(Recipe.EstimatorArguments)), (problem.Reason, problem.Setting));
        return problem;
    }

    private static Recipe With(string preset, int epochs, params (string Name, double Value)[] others)
    {
        var arguments = new Dictionary<string, EstimatorArgument> { ["preset"] = preset };
        foreach (var (name, value) in others)
            arguments.Add(name, value);
        return s_recipe with { Epochs = epochs, EstimatorArguments = arguments };
    }

    private static Trainer NewTrainer(Recipe recipe, Device device) =>
        new(recipe, device, TinyImages.Splits(40, augment: false), s_network);
}
