using ReSTE.Native.Training;

namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>
/// Whole trainings that must reach an accuracy: what small parts cannot show. The built-in images are the same everywhere.
/// </summary>
[Trait("Category", "Slow")]
public sealed class AccuracyTests
{
    // 86 % after one epoch, 99 % after two. Minutes of both cores: build/long-tests.sh.
    [Fact(Explicit = true)]
    [Trait("Category", "Long")]
    public void Full_precision_learns_the_shapes_within_five_epochs()
    {
        var recipe = new Recipe { Dataset = "shapes", Model = "resnet20", Epochs = 5, BatchSize = 128, LearningRate = 0.1 };
        AssertReaches(95, recipe);
    }

    // Binary weights and activations need several hundred steps before they move: 11, 24, 45, 54 % after the first four epochs.
    [Fact]
    public void Binary_weights_and_activations_learn_a_few_shapes()
    {
        var recipe = new Recipe { Dataset = "shapes", Epochs = 5, BatchSize = 32, LearningRate = 0.05, LimitTrain = 4000, LimitTest = 500 };
        AssertReaches(50, recipe);
    }

    /// <summary>Trains until a top-1 on the test images, in percent, has been reached, or to the end.</summary>
    private static void AssertReaches(double top1, Recipe recipe)
    {
        var engine = new EngineAdapter();
        var device = new DeviceChoice(DeviceKind.Cpu, 0, 0);
        using var run = engine.Start(recipe, device, engine.Open(recipe, null, device));
        while (!run.IsFinished && run.BestTop1 < top1)
        {
            var report = run.RunEpoch(null, TestContext.Current.CancellationToken);
            TestContext.Current.TestOutputHelper?.WriteLine(LogLines.Short(report, recipe.Epochs, 0));
        }
        Assert.True(run.BestTop1 >= top1,
            $"{recipe.Model}, seed {recipe.Seed}: {run.BestTop1} % in epoch {run.BestEpoch}, expected {top1} %");
    }
}
