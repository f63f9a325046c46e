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
        string message = Refused(recipe, images);
        Assert.Contains($"the last batch of {images} images in batches of {batch} would be a single image", message,
            StringComparison.Ordinal);
        Assert.EndsWith($"use a batch size of {sizes}", message, StringComparison.Ordinal);
        foreach (string size in sizes.Split(" or "))
        {
            using var run =
                new TinyRun(recipe with { BatchSize = int.Parse(size, System.Globalization.CultureInfo.InvariantCulture) }, images);
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
                string message = Assert.Throws<RecipeException>(() => TrainingRules.Check(recipe, TinyImages.Splits(images))).Message;
                foreach (string size in message[(message.LastIndexOf("size of ", StringComparison.Ordinal) + 8)..].Split(" or "))
                {
                    int offered = int.Parse(size, System.Globalization.CultureInfo.InvariantCulture);
                    TrainingRules.Check(recipe with { BatchSize = offered }, TinyImages.Splits(images));
                }
            }
        }
    }

    [Fact]
    public void What_cannot_work_is_refused_in_one_line()
    {
        foreach (var (recipe, word) in new (Recipe, string)[]
        {
            (TinyRun.Recipe with { Epochs = 0 }, "one epoch"),
            (TinyRun.Recipe with { BatchSize = 0 }, "at least one image"),
            (TinyRun.Recipe with { BatchSize = 1 }, "batch size of 2 or more"),
            (TinyRun.Recipe with { BatchSize = 41 }, "more than the data set holds"),
            (TinyRun.Recipe with { BatchSizeTest = 21 }, "more than the data set holds"),
            (TinyRun.Recipe with { LearningRate = double.NaN }, "learning rate"),
            (TinyRun.Recipe with { LearningRate = -1 }, "learning rate"),
            (TinyRun.Recipe with { Momentum = double.PositiveInfinity }, "momentum"),
            (TinyRun.Recipe with { WeightDecay = -1e-4 }, "weight decay"),
            (TinyRun.Recipe with { StartEpoch = -2 }, "start_epoch"),
            (TinyRun.Recipe with { StartEpoch = TinyRun.Recipe.Epochs - 1 }, "start_epoch"),
            (TinyRun.Recipe with { Epochs = 4, WarmUp = true }, "4 epochs"),
            (TinyRun.Recipe with { Model = "resnet21" }, "resnet20"),
            (TinyRun.Recipe with { Dataset = "mnist" }, "cifar10"),
            (TinyRun.Recipe with { Estimator = "XNOR" }, "ReSTE, STE"),
            (TinyRun.Recipe with { OEnd = 0.5 }, "o_end"),
            (TinyRun.Recipe with { EstimatorArguments = new Dictionary<string, double> { ["q"] = 1 } }, "'q'"),
        })
        {
            string message = Refused(recipe, TinyRun.Images);
            Assert.Contains(word, message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
        }
    }

    [Fact]
    public void A_label_outside_the_classes_is_refused()
    {
        using var device = new CpuDevice(1);
        DataSplits data = new(new BadLabels(), new TinyImages(20), Preprocessing.Published);
        Assert.Contains("image 3 has label 10, outside 0 to 9",
            Assert.Throws<DatasetException>(() => new Trainer(TinyRun.Recipe, device, data)).Message, StringComparison.Ordinal);
    }

    private static string Refused(Recipe recipe, int images)
    {
        using var device = new CpuDevice(1);
        return Assert.Throws<RecipeException>(() => new Trainer(recipe, device, TinyImages.Splits(images))).Message;
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
