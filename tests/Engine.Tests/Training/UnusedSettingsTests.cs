using ReSTE.Native.Datasets;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Training;

/// <summary>
/// What a run does not read is said, and nothing else: by hand for every kind of network, and by training with other numbers.
/// </summary>
public sealed class UnusedSettingsTests
{
    [Theory]
    [InlineData("SGD", "ReSTE", "resnet20_1w1a", "")]
    [InlineData("Adam", "ReSTE", "resnet20_1w1a", "Momentum")]
    [InlineData("adamw", "ReSTE", "resnet20_1w1a", "Momentum")]
    [InlineData("SGD", "STE", "resnet20_1w1a", "OEnd")]
    // Stem, batch norms and classifier follow the recipe's optimiser.
    [InlineData("SGD", "Bop", "resnet20_1w1a", "OEnd")]
    [InlineData("Adam", "Bop", "resnet20_1w1a", "OEnd Momentum")]
    // So does the bias of an all-binary network's classifier, which only AdaSTE binarises.
    [InlineData("SGD", "Bop", "resnet18_binary", "OEnd")]
    [InlineData("Adam", "Bop", "resnet18_binary", "OEnd Momentum")]
    [InlineData("Adam", "Bop", "vgg16_binary", "OEnd LearningRate WarmUp Momentum WeightDecay Optimiser")]
    // AdaSTE's optimiser has the recipe's momentum whatever the others' is, and a decay that is its argument.
    [InlineData("SGD", "AdaSTE", "resnet20_1w1a", "OEnd")]
    [InlineData("Adam", "AdaSTE", "resnet20_1w1a", "OEnd")]
    [InlineData("Adam", "AdaSTE", "resnet18_binary", "OEnd WeightDecay Optimiser")]
    [InlineData("SGD", "AdaSTE", "vgg16_binary", "OEnd WeightDecay Optimiser")]
    [InlineData("Adam", "STE", "vgg16_binary", "OEnd Momentum")]
    [InlineData("SGD", "ReSTE", "resnet20", "RealActivations Estimator EstimatorArguments OEnd")]
    [InlineData("AdamW", "AdaSTE", "resnet20", "RealActivations Estimator EstimatorArguments OEnd Momentum")]
    public void They_follow_from_optimiser_estimator_and_network(string optimiser, string estimator, string model, string expected) =>
        Assert.Equal(expected, string.Join(' ', Unused(new() { Optimiser = optimiser, Estimator = estimator, Model = model })));

    [Fact]
    public void The_indicators_use_o_whatever_the_estimator() =>
        Assert.Empty(Unused(new() { Estimator = "STE", Indicators = true }));

    [Theory]
    [InlineData("Adam", "Bop")]
    [InlineData("Adam", "AdaSTE")]
    [InlineData("SGD", "Bop")]
    [InlineData("SGD", "STE")]
    public void A_number_changes_the_weights_where_and_only_where_it_is_read(string optimiser, string estimator)
    {
        Recipe recipe = TinyRun.Recipe with { Optimiser = optimiser, Estimator = estimator, RealActivations = true };
        IReadOnlyList<string> unused = Unused(recipe);
        float[] before = Weights(recipe);
        foreach (var (setting, other) in new (string, Recipe)[]
        {
            (nameof(Recipe.Momentum), recipe with { Momentum = 0.5 }),
            (nameof(Recipe.WeightDecay), recipe with { WeightDecay = 0.25 }),
            (nameof(Recipe.LearningRate), recipe with { LearningRate = 0.25 }),
            (nameof(Recipe.OEnd), recipe with { OEnd = 7 }),
        })
            Assert.Equal((setting, unused.Contains(setting)), (setting, before.SequenceEqual(Weights(other))));
    }

    private static IReadOnlyList<string> Unused(Recipe recipe) => UnusedSettings.Of(recipe with { RealActivations = true },
        NetworkCatalog.Find(recipe.Dataset, recipe.Model).Summarize(new ImageShape(32, 32, 3), 10));

    private static float[] Weights(Recipe recipe)
    {
        using var run = new TinyRun(recipe, images: 3 * TinyRun.Batch);
        for (int step = 0; step < 3; step++)
            run.Trainer.Step();
        var tensors = run.State().OrderBy(tensor => tensor.Key, StringComparer.Ordinal);
        return [.. tensors.SelectMany(tensor => tensor.Value).Select(v => (float)v)];
    }
}
