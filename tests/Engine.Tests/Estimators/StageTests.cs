using ReSTE.Native.Estimators;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Estimators;

/// <summary>Parts of a run that are trained like runs of their own.</summary>
public sealed class StageTests
{
    private static readonly Stage[] s_thirds = [new(2.0 / 3), new(1)];

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    [InlineData(9, 6)]
    [InlineData(900, 600)]
    public void Two_thirds_of_the_epochs_are_the_first_stage(int epochs, int second)
    {
        Assert.Equal([0, second, epochs], Stage.Starts(s_thirds, epochs));
        for (int epoch = 0; epoch < epochs; epoch++)
            Assert.Equal(epoch < second ? 0 : 1, Stage.Of(s_thirds, epoch, epochs));
    }

    [Fact]
    public void More_stages_than_epochs_leaves_the_first_ones_empty() =>
        Assert.Equal([0, 0, 1, 2], Stage.Starts([new(0.25), new(0.5), new(1)], 2));

    [Fact]
    public void Each_stage_has_the_published_schedule_at_its_own_rate()
    {
        var recipe = new Recipe { Epochs = 900, LearningRate = 0.021, WeightDecay = 0.0016, WarmUp = true, Estimator = "BiPer" };
        LearningRateSchedule both = LearningRateSchedule.Of(recipe), first = LearningRateSchedule.Published(0.021, 600, warmUp: true),
            second = LearningRateSchedule.Published(0.0037, 300, warmUp: true);
        for (int epoch = 0; epoch < 900; epoch++)
        {
            double expected = epoch < 600 ? first.Rate(epoch) : second.Rate(epoch - 600);
            Assert.Equal(expected, both.Rate(epoch), 1e-15);
            Assert.Equal(epoch < 600 ? 1 : 0.1, both.At(epoch).DecayFactor);
            Assert.Equal(epoch == 600, both.BeginsStage(epoch));
        }
    }

    [Fact]
    public void Without_stages_it_is_the_published_schedule()
    {
        LearningRateSchedule whole = LearningRateSchedule.Of(new Recipe { Epochs = 30 }),
            published = LearningRateSchedule.Published(0.1, 30, warmUp: false);
        Assert.Equal(Enumerable.Range(0, 30).Select(published.Rate), Enumerable.Range(0, 30).Select(whole.Rate));
        Assert.DoesNotContain(Enumerable.Range(0, 30), whole.BeginsStage);
    }

    [Fact]
    public void A_stage_of_four_epochs_cannot_warm_up()
    {
        var refusal = Assert.Throws<RecipeException>(() =>
            LearningRateSchedule.Of(new Recipe { Epochs = 6, WarmUp = true, Estimator = "BiPer" }));
        Assert.Equal((RecipeFault.Conflict, nameof(Recipe.WarmUp)), (refusal.Reason, refusal.Setting));
        Assert.Contains("a stage of BiPer has 4", refusal.Message, StringComparison.Ordinal);
    }
}
