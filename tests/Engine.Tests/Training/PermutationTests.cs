using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Training;

public sealed class PermutationTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public void It_holds_every_image_once(int count) =>
        Assert.Equal(Enumerable.Range(0, count), Permutation.Of(count, 1234, 5).Order());

    [Fact]
    public void It_changes_with_epoch_and_seed()
    {
        int[] order = Permutation.Of(100, 1234, 0);
        Assert.Equal(order, Permutation.Of(100, 1234, 0));
        Assert.NotEqual(order, Permutation.Of(100, 1234, 1));
        Assert.NotEqual(order, Permutation.Of(100, 1235, 0));
        Assert.NotEqual(order, Permutation.Of(100, 1234 + (1UL << 32), 0));
        Assert.NotEqual(Enumerable.Range(0, 100), order);
    }

    // The numbers are another implementation's; resumed runs of every later version depend on them.
    [Fact]
    public void The_order_of_a_seed_is_pinned() =>
        Assert.Equal([14034, 43166, 30780, 2445, 5189, 8142, 25213, 48930], Permutation.Of(50_000, 1234, 0)[..8]);

    // 3,000 shuffles of four: each of 24 orders is expected 125 times with a deviation of 11; five deviations.
    [Fact]
    public void Every_order_comes_equally_often()
    {
        var counts = new Dictionary<string, int>();
        for (int epoch = 0; epoch < 3000; epoch++)
        {
            string order = string.Join("", Permutation.Of(4, 1, epoch));
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(24, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 70, 180));
    }
}
