using ReSTE.Native.Training;

namespace ReSTE.Native.Host.Tests;

/// <summary>What the command gets from the engine itself.</summary>
public sealed class EngineAdapterTests
{
    private readonly EngineAdapter _engine = new();

    [Fact]
    public void The_summary_of_resnet20_is_the_published_network()
    {
        var layers = _engine.Summarize(new Recipe());
        Assert.Equal(269_850, layers.Sum(layer => layer.Parameters));
        Assert.Equal(18, layers.Count(layer => layer is { BinaryWeights: true, BinaryInput: true }));
        Assert.Equal(new LayerSummary("conv1", "conv 3x3", "16 x 3 x 3 x 3", 432, false, false, "32 x 32 x 16", 442_368), layers[0]);
        Assert.Equal(new LayerSummary("linear", "linear", "10 x 64", 650, false, false, "10", 640), layers[^1]);
        Assert.DoesNotContain(_engine.Summarize(new Recipe { RealActivations = true }), layer => layer.BinaryInput);
    }

    [Fact]
    public void A_short_warm_up_overshoots_as_published()
    {
        var warning = WarmUpRule.Check(new Recipe { WarmUp = true, Epochs = 10 }, _engine.LargestRate);
        Assert.Contains("up to 0.373, above --lr 0.1", warning);
        Assert.Null(WarmUpRule.Check(new Recipe { WarmUp = true }, _engine.LargestRate));
    }

    [Fact]
    public void Every_name_offered_exists()
    {
        foreach (var dataset in _engine.Datasets)
        {
            foreach (var model in _engine.Models(dataset))
            {
                foreach (var estimator in _engine.Estimators)
                    _engine.Check(new Recipe { Dataset = dataset, Model = model, Estimator = estimator, RealActivations = true });
            }
        }
    }

    [Fact]
    public void An_unknown_estimator_argument_is_misuse() => Assert.Equal(ExitCode.Misuse, Trouble.Explain(Assert.Throws<RecipeException>(
        () => _engine.Check(new Recipe { EstimatorArguments = new Dictionary<string, EstimatorArgument> { ["x"] = 1 } }))).ExitCode);
}
