using System.Globalization;
using ReSTE.Native.Datasets;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Training;

public sealed class TrainingRulesTests
{
    [Theory]
    [InlineData(41, 8, "7 or 9")]
    [InlineData(41, 10, "9 or 11")]
    [InlineData(41, 40, "39 or 41")]
    [InlineData(41, 20, "19 or 21")]
    [InlineData(5, 4, "3 or 5")]
    [InlineData(3, 2, "3")]
    public void A_last_batch_of_one_image_is_refused_with_sizes_that_work(int images, int batch, string sizes)
    {
        Recipe recipe = TinyRun.Recipe with { Epochs = 1, BatchSize = batch };
        RecipeException refusal = Refused(recipe, images);
        string message = refusal.Message;
        Assert.Equal((RecipeFault.DoesNotFitData, nameof(Recipe.BatchSize)), (refusal.Reason, refusal.Setting));
        Assert.Equal(sizes.Split(" or "), refusal.Suggestions);
        Assert.Contains($"the last batch of {images} images in batches of {batch} would be a single image", message,
            StringComparison.Ordinal);
        Assert.EndsWith($"use a batch size of {sizes}", message, StringComparison.Ordinal);
        foreach (string size in sizes.Split(" or "))
        {
            using var run = new TinyRun(recipe with { BatchSize = int.Parse(size, CultureInfo.InvariantCulture) }, images);
            Assert.True(double.IsFinite(Assert.Single(run.Finish()).Validation.Loss));
        }
    }

    [Fact]
    public void A_size_offered_always_works()
    {
        for (int images = 2; images <= 60; images++)
        {
            for (int batch = 2; batch <= images; batch++)
            {
                if (images % batch != 1)
                    continue;
                Recipe recipe = TinyRun.Recipe with { BatchSize = batch };
                var refusal = Assert.Throws<RecipeException>(() => TrainingRules.Check(recipe, TinyImages.Splits(images)));
                foreach (string size in refusal.Suggestions)
                {
                    int offered = int.Parse(size, CultureInfo.InvariantCulture);
                    TrainingRules.Check(recipe with { BatchSize = offered }, TinyImages.Splits(images));
                }
            }
        }
    }

    /// <summary>No batch size would do: what left one image is named, and how few they are.</summary>
    [Theory]
    [InlineData(2, 0.5, 2, nameof(Recipe.ValidationSplit), "it leaves 1 image to train on")]
    [InlineData(1, 0, 1, nameof(Recipe.LimitTrain), "it leaves 1 image to train on")]
    [InlineData(1, 0, 0, nameof(Recipe.Dataset), "it has 1 image to train on")]
    public void One_image_left_to_train_on_is_refused_by_what_left_it(int images, double split, int limit, string setting, string words)
    {
        foreach (int batch in new[] { 1, 2, 8 })
        {
            RecipeException refusal = Refused(
                TinyRun.Recipe with { BatchSize = batch, ValidationSplit = split, LimitTrain = limit }, images);
            Assert.Equal((RecipeFault.DoesNotFitData, setting), (refusal.Reason, refusal.Setting));
            Assert.StartsWith(words, refusal.Expected, StringComparison.Ordinal);
            Assert.DoesNotContain("batch size", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_cannot_work_is_refused_in_one_line()
    {
        foreach (var (recipe, reason, setting, word) in new (Recipe, RecipeFault, string, string)[]
        {
            (TinyRun.Recipe with { Epochs = 0 }, RecipeFault.OutOfRange, "Epochs", "one epoch"),
            (TinyRun.Recipe with { BatchSize = 0 }, RecipeFault.OutOfRange, "BatchSize", "at least one image"),
            (TinyRun.Recipe with { BatchSizeTest = 0 }, RecipeFault.OutOfRange, "BatchSizeTest", "at least one image"),
            (TinyRun.Recipe with { BatchSize = 1 }, RecipeFault.OutOfRange, "BatchSize", "batch size of 2 or more"),
            (TinyRun.Recipe with { BatchSize = 41 }, RecipeFault.DoesNotFitData, "BatchSize", "more than the data set holds"),
            (TinyRun.Recipe with { BatchSizeTest = 21 }, RecipeFault.DoesNotFitData, "BatchSizeTest", "more than the data set holds"),
            (TinyRun.Recipe with { LearningRate = double.NaN }, RecipeFault.OutOfRange, "LearningRate", "a number from 0 up"),
            (TinyRun.Recipe with { LearningRate = -1 }, RecipeFault.OutOfRange, "LearningRate", "is -1: "),
            (TinyRun.Recipe with { Momentum = double.PositiveInfinity }, RecipeFault.OutOfRange, "Momentum", "a number from 0 up"),
            (TinyRun.Recipe with { WeightDecay = -1e-4 }, RecipeFault.OutOfRange, "WeightDecay", "is -0.0001: "),
            (TinyRun.Recipe with { StartEpoch = -2 }, RecipeFault.OutOfRange, "StartEpoch", "at least -1"),
            (TinyRun.Recipe with { StartEpoch = TinyRun.Recipe.Epochs - 1 }, RecipeFault.Conflict, "StartEpoch", "from -1 to 1"),
            (TinyRun.Recipe with { Epochs = 4, WarmUp = true }, RecipeFault.Conflict, "WarmUp", "4 epochs"),
            (TinyRun.Recipe with { Model = "resnet21" }, RecipeFault.UnknownName, "Model", "is 'resnet21': "),
            (TinyRun.Recipe with { Dataset = "mnist" }, RecipeFault.UnknownName, "Dataset", "cifar10"),
            (TinyRun.Recipe with { Estimator = "magic" }, RecipeFault.UnknownName, "Estimator", "ReSTE, STE, IdentitySTE"),
            (TinyRun.Recipe with { OEnd = 0.5 }, RecipeFault.OutOfRange, "OEnd", "at least 1"),
            (WithArgument("q", 1), RecipeFault.UnknownName, "EstimatorArguments", "'q'"),
            (WithArgument("t", -1), RecipeFault.OutOfRange, "EstimatorArguments", "t=-1"),
            (WithArgument("t", double.NaN), RecipeFault.OutOfRange, "EstimatorArguments", "a positive number"),
            (WithArgument("t", "wide"), RecipeFault.OutOfRange, "EstimatorArguments", "t=wide"),
        })
        {
            RecipeException refusal = Refused(recipe, TinyRun.Images);
            Assert.Equal((reason, setting), (refusal.Reason, refusal.Setting));
            Assert.StartsWith($"Recipe.{setting} is ", refusal.Message, StringComparison.Ordinal);
            Assert.Contains(word, refusal.Message, StringComparison.Ordinal);
            Assert.Contains(refusal.Value, refusal.Message, StringComparison.Ordinal);
            Assert.EndsWith(refusal.Expected, refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refusal.Message);
        }
    }

    [Fact]
    public void A_name_nearly_right_comes_with_the_one_that_was_meant()
    {
        Assert.Equal(["resnet20"], Refused(TinyRun.Recipe with { Model = "resnet21" }, TinyRun.Images).Suggestions);
        Assert.Equal(["ReSTE"], Refused(TinyRun.Recipe with { Estimator = "ReST" }, TinyRun.Images).Suggestions);
        Assert.Equal(EstimatorCatalog.Names, Refused(TinyRun.Recipe with { Estimator = "magic" }, TinyRun.Images).Suggestions);
    }

    [Fact]
    public void A_label_outside_the_classes_is_refused()
    {
        using var device = new CpuDevice(1);
        DataSplits data = new(new BadLabels(), new TinyImages(20), Preprocessing.Published);
        var refusal = Assert.Throws<DatasetException>(() => new Trainer(TinyRun.Recipe, device, data));
        Assert.Equal((DatasetFault.WrongLabel, 3), (refusal.Kind, refusal.Image));
        Assert.Contains("image 3 has label 10, outside 0 to 9", refusal.Message, StringComparison.Ordinal);
    }

    private static Recipe WithArgument(string name, EstimatorArgument value) =>
        TinyRun.Recipe with { EstimatorArguments = new Dictionary<string, EstimatorArgument> { [name] = value } };

    private static RecipeException Refused(Recipe recipe, int images)
    {
        using var device = new CpuDevice(1);
        return Assert.Throws<RecipeException>(() => new Trainer(recipe, device, TinyImages.Splits(images)));
    }

    private sealed class BadLabels : Dataset
    {
        public override string Name => "bad";
        public override int Count => 16;
        public override int Classes => 10;
        public override ImageShape Shape => new(32, 32, 3);
        public override int Read(int index, Span<byte> pixels) => index == 3 ? 10 : 0;
    }
}
