using ReSTE.Native.Training;

namespace ReSTE.Native.Data.Tests;

public sealed class DatasetsTests
{
    [Fact]
    public void TheNamesAreKnown() => Assert.Equal(["cifar10", "shapes"], Datasets.Names);

    [Theory]
    [InlineData("CIFAR10", "did you mean 'cifar10'?")]
    [InlineData("cifar-10", "did you mean 'cifar10'?")]
    [InlineData("shape", "did you mean 'shapes'?")]
    [InlineData("two\nlines", "'two?lines'")]
    [InlineData("imagenet", "known: cifar10, shapes")]
    public void AnUnknownNameIsRefusedWithTheNearestOrAllThereAre(string name, string says) =>
        Refusals.AssertRefused(() => Datasets.Open(name, null), "unknown data set", says);

    [Fact]
    public void ANameNearToNoneGetsNoSuggestion()
    {
        var refusal = Assert.Throws<DatasetException>(() => Datasets.Open("imagenet", null));
        Assert.DoesNotContain("did you mean", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LimitsAreNotNegative() => Assert.Throws<ArgumentOutOfRangeException>(() => Datasets.Open("shapes", null, -1));
}
