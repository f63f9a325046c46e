using ReSTE.Native.Datasets;

namespace ReSTE.Native.Data.Tests;

public sealed class DatasetsTests
{
    [Fact]
    public void The_names_are_known() => Assert.Equal(["cifar10", "cifar100", "shapes"], Datasets.Names);

    [Theory]
    [InlineData("CIFAR10", "did you mean 'cifar10'?")]
    [InlineData("cifar-10", "did you mean 'cifar10'?")]
    [InlineData("cifar-100", "did you mean 'cifar100'?")]
    [InlineData("shape", "did you mean 'shapes'?")]
    [InlineData("two\nlines", "'two?lines'")]
    [InlineData("imagenet", "known: cifar10, cifar100, shapes")]
    public void An_unknown_name_is_refused_with_the_nearest_or_all_there_are(string name, string says) =>
        Refusals.AssertRefused(() => Datasets.Open(name, null), "unknown data set", says);

    [Fact]
    public void A_name_near_to_none_gets_no_suggestion()
    {
        var refusal = Assert.Throws<DatasetException>(() => Datasets.Open("imagenet", null));
        Assert.DoesNotContain("did you mean", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cifar10", 10)]
    [InlineData("cifar100", 100)]
    [InlineData("shapes", 10)]
    public void The_number_of_classes_is_known_without_files(string name, int classes) => Assert.Equal(classes, Datasets.Classes(name));

    [Fact]
    public void An_unknown_name_has_no_classes() => Refusals.AssertRefused(() => Datasets.Classes("imagenet"), "unknown data set");

    [Theory]
    [InlineData("", "is no path")]
    [InlineData("a\0b", "'a?b' is no path")]
    public void What_is_no_path_is_refused(string path, string says) => Refusals.AssertRefused(() => Datasets.Open("cifar10", path), says);

    [Fact]
    public void Limits_are_not_negative() => Assert.Throws<ArgumentOutOfRangeException>(() => Datasets.Open("shapes", null, -1));
}
