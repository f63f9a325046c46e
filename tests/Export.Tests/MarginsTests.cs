using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.Tests;

public class MarginsTests
{
    [Fact]
    public void Thresholds_are_refused()
    {
        PackedNetwork network = Thresholds.In(Handmade.Network("exact zeros"));
        Assert.Throws<ArgumentException>(() => new Margins(network));
    }

    // sign(x - 128 / 255), one pixel: the scores are +1 or -1, the margin the distance.
    [Theory]
    [InlineData(128, 0)]
    [InlineData(129, 1 / 255.0)]
    [InlineData(0, 128 / 255.0)]
    public void The_margin_is_the_distance_of_the_nearest_value(byte pixel, double expected)
    {
        var network = new PackedNetwork("one", "none", new PackedInput(1, 1, 1, [1 / 255f], [-(128 * (1 / 255f))]), ["only"],
            [new SignConv("a", 0, new PackedConv(1, 1, 1, 0), [0], new CountNumbers([1], PackedActivation.None, null, null))]);
        var (scores, margin) = Assert.Single(new Margins(network).Run(new[] { pixel }, threads: 1));
        Assert.Equal(pixel < 128 ? -1 : 1, scores[0]);
        Assert.Equal(expected, margin, 1e-6);
    }

    [Fact]
    public void Exact_zeros_are_not_near()
    {
        SignConv Count(string name, int input, uint signs) =>
            new(name, input, new PackedConv(1, 1, 1, 0), [signs], new CountNumbers([0.3f], PackedActivation.None, null, null));
        // The first counts +1 and -1: zero, whatever is drawn in it.
        var network = new PackedNetwork("two", "none", new PackedInput(1, 1, 2, [1, 1], [1, 1]), ["only"],
            [Count("a", 0, 0b10), Count("b", 1, 0)]);
        var (scores, margin) = Assert.Single(new Margins(network).Run(new byte[] { 7, 9 }, threads: 1));
        Assert.Equal(0.3f, scores[0]);
        Assert.Equal(8, margin);
    }
}
