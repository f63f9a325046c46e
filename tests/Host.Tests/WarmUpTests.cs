using ReSTE.Native.Training;

namespace ReSTE.Native.Host.Tests;

public sealed class WarmUpTests
{
    [Fact]
    public void Four_epochs_are_misuse()
    {
        var asked = new Recipe { WarmUp = true, Epochs = 4 };
        var problem = Assert.Throws<HostException>(() => WarmUpRule.Check(asked, recipe => recipe.LearningRate));
        Assert.Equal(ExitCode.Misuse, problem.ExitCode);
    }

    [Theory]
    [InlineData(10, 0.373, true)]
    [InlineData(1000, 0.1000037, false)]
    [InlineData(50, 0.1009, false)]
    public void An_overshoot_is_announced_with_its_rate(int epochs, double largest, bool warns)
    {
        var warning = WarmUpRule.Check(new Recipe { WarmUp = true, Epochs = epochs }, _ => largest);
        Assert.Equal(warns, warning?.Contains("0.373", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void Without_warm_up_nothing_is_said() => Assert.Null(WarmUpRule.Check(new Recipe { Epochs = 4 }, _ => 9));
}
