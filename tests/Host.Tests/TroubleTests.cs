using System.Reflection;
using ReSTE.Native.Datasets;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host.Tests;

/// <summary>The engine's errors in the command's words: settings by their flags, made of what the errors hold.</summary>
public sealed class TroubleTests
{
    [Theory]
    [InlineData(nameof(Recipe.LearningRate), "-1", "--lr -1: it must be more")]
    [InlineData(nameof(Recipe.BatchSizeTest), "7", "--batch_size_test 7: it must be more")]
    [InlineData(nameof(Recipe.WarmUp), "True", "--warm_up: it must be more")]
    [InlineData(nameof(Recipe.RealActivations), "False", "without --a32: it must be more")]
    [InlineData(nameof(Recipe.EstimatorArguments), "t=-1", "--estimator_arg t=-1: it must be more")]
    public void A_recipe_that_cannot_be_followed_is_misuse_of_a_flag(string setting, string value, string words)
    {
        var explained = Trouble.Explain(new RecipeException(RecipeFault.OutOfRange, setting, value, "it must be more"));
        Assert.Equal((ExitCode.Misuse, words, null), (explained.ExitCode, explained.Message, explained.Hint));
    }

    [Fact]
    public void Every_setting_of_a_recipe_has_a_flag()
    {
        var flags = new TrainingFlags().All.Select(flag => flag.Name).ToHashSet();
        Assert.All(typeof(Recipe).GetProperties(BindingFlags.Public | BindingFlags.Instance),
            setting => Assert.Contains(SettingFlags.Of(setting.Name), flags));
    }

    [Theory]
    [InlineData(DatasetFault.Missing, null, "or use --dataset shapes")]
    [InlineData(DatasetFault.OtherDataset, "cifar100", "use --dataset cifar100")]
    [InlineData(DatasetFault.Damaged, null, null)]
    public void Data_that_cannot_be_used_comes_with_the_flag_that_helps(DatasetFault kind, string? other, string? hint)
    {
        var explained = Trouble.Explain(new DatasetException(kind, "no data") { Dataset = other });
        Assert.Equal((ExitCode.Data, "no data", hint), (explained.ExitCode, explained.Message, explained.Hint));
    }

    // A smaller batch is a way out for steps alone.
    [Fact]
    public void A_file_or_a_set_that_finds_no_memory_is_named_without_a_word_of_batches()
    {
        static int Fails() => throw new OutOfMemoryException();
        var file = Assert.Throws<HostException>(() => FileMemory.OfCheckpoint("a.pth", Fails));
        Assert.Equal((ExitCode.Failure, "out of memory: 'a.pth' and its tensors are larger than what is free", null),
            (file.ExitCode, file.Message, file.Hint));
        var images = Assert.Throws<HostException>(() => FileMemory.OfImages(new Recipe { Dataset = "cifar10" }, Fails));
        Assert.Equal((ExitCode.Failure, "out of memory: the data set cifar10 takes more than what is free while it is read"),
            (images.ExitCode, images.Message));
        Assert.Equal("give it more memory", images.Hint);
        Assert.Equal(3, FileMemory.OfCheckpoint("a.pth", () => 3));
        var other = Trouble.Explain(new OutOfMemoryException());
        Assert.Equal((ExitCode.Failure, "out of memory"), (other.ExitCode, other.Message));
        Assert.Equal("give it more memory; where it trains, a smaller --batch_size needs less", other.Hint);
    }
}
