namespace ReSTE.Native.Host.Tests;

/// <summary>The axes of every picture: round ticks, where values lie, labels without rounding's digits.</summary>
public sealed class ChartAxisTests
{
    [Fact]
    public void A_margin_is_around_all_values_and_ticks_lie_within()
    {
        var axis = ChartAxis.WithMargin("error", [512, 1816, double.NaN, 900]);
        Assert.Equal("error", axis.Title);
        Assert.Equal(["600", "800", "1000", "1200", "1400", "1600", "1800"], axis.Ticks.Select(axis.Label));
        // A twentieth of the range on each side is 1/22 of the whole.
        Assert.Equal(1 / 22.0, axis.Share(512), 1e-12);
        Assert.Equal(21 / 22.0, axis.Share(1816), 1e-12);
        Assert.Equal((0, 1), (axis.Share(-1e9), axis.Share(1e9)));
    }

    [Theory]
    [InlineData(1, 10, "1 1.5 2 3 5 7 10")]
    [InlineData(7e-4, 1.8e4, "0.01 1 100 10000")]
    [InlineData(3e-13, 0.05, "1E-12 1E-10 1E-8 1E-6 1E-4 0.01")]
    [InlineData(4e4, 6e5, "50000 70000 1E+5 1.5E+5 2E+5 3E+5 5E+5")]
    public void A_logarithm_has_ticks_at_round_numbers(double least, double most, string labels)
    {
        var axis = ChartAxis.WithMargin("g", [least, most, 0, -1], isLog: true);
        Assert.Equal("g (log scale)", axis.Title);
        Assert.Equal(labels, string.Join(' ', axis.Ticks.Select(axis.Label)));
        Assert.Equal(0.5, axis.Share(Math.Sqrt(least * most)), 1e-9);
        Assert.Equal(0, axis.Share(0));
    }

    [Fact]
    public void No_values_and_a_single_one_have_an_axis_too()
    {
        Assert.Equal(0.5, ChartAxis.WithMargin("x", []).Share(0.5), 1e-12);
        Assert.Equal(0.5, ChartAxis.WithMargin("x", [7]).Share(7), 1e-12);
        Assert.NotEmpty(ChartAxis.WithMargin("x", [7]).Ticks);
        Assert.NotEmpty(ChartAxis.WithMargin("x", [], isLog: true).Ticks);
    }

    [Fact]
    public void Ticks_are_whole_steps()
    {
        var axis = ChartAxis.Around("", -0.1, 0.31);
        Assert.Equal(["-0.2", "0.0", "0.2", "0.4"], axis.Ticks.Select(axis.Label));
        Assert.Equal(0, axis.Ticks.ElementAt(1));
        Assert.Equal((0, 1), (axis.Share(-0.2), axis.Share(0.4)));
        Assert.Equal(["-2", "-1", "0", "1", "2"], ChartAxis.Exactly("x", -2, 2).Ticks.Select(ChartAxis.Exactly("x", -2, 2).Label));
    }
}
