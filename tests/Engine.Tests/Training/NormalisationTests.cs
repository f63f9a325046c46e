using ReSTE.Native.Checkpoints;
using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Engine.Tests.Checkpoints;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Training;

/// <summary>Images normalised by another set's numbers than their own.</summary>
public sealed class NormalisationTests
{
    [Fact]
    public void The_data_keep_all_but_mean_and_deviation()
    {
        DataSplits data = TinyImages.Splits(16);
        Assert.Same(data, Normalisation.Of(new Recipe(), data));
        DataSplits other = Normalisation.Of(new Recipe { Normalisation = "cifar10" }, data);
        Assert.Equal([0.4914f, 0.4822f, 0.4465f], other.Preprocessing.Mean);
        Assert.Equal([0.2023f, 0.1994f, 0.2010f], other.Preprocessing.Deviation);
        Assert.Equal(data, other with { Preprocessing = data.Preprocessing });
        Assert.Equal((2, true), (other.Preprocessing.CropPadding, other.Preprocessing.Flip));
    }

    [Fact]
    public void An_unknown_name_and_grey_images_are_refused()
    {
        var unknown = Assert.Throws<RecipeException>(() => Normalisation.Of(new Recipe { Normalisation = "cifar" }, TinyImages.Splits(16)));
        Assert.Equal((RecipeFault.UnknownName, nameof(Recipe.Normalisation)), (unknown.Reason, unknown.Setting));
        Assert.Contains("cifar10", unknown.Suggestions);
        Dataset grey = Dataset.FromArrays("grey", new byte[32], [0, 1], new ImageShape(4, 4, 1), 2);
        var misfit = Assert.Throws<RecipeException>(() => Normalisation.Of(new Recipe { Normalisation = "imagenet" },
            new DataSplits(grey, grey, new Preprocessing([0], [1], 0, false))));
        Assert.Equal("it is for images of 3 channels, and these have 1", misfit.Expected);
    }

    // It reaches the numbers, is kept, and neither resumed nor evaluated as another.
    [Fact]
    public void A_run_and_its_checkpoint_are_of_one_normalisation()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("checkpoint");
        Recipe recipe = TinyRun.Recipe with { Normalisation = "cifar100" };
        using (var own = new TinyRun(TinyRun.Recipe))
        using (var run = new TinyRun(recipe))
        {
            Assert.NotEqual(own.Trainer.Evaluate(stop: TestContext.Current.CancellationToken).Loss,
                run.Trainer.Evaluate(stop: TestContext.Current.CancellationToken).Loss);
            run.Trainer.Save(path);
        }

        using var other = new TinyRun(TinyRun.Recipe);
        var resumed = Assert.Throws<CheckpointException>(() => other.Trainer.Resume(path));
        Assert.Equal([new SettingDifference(nameof(Recipe.Normalisation), "cifar100", "data")], resumed.Settings);
        var loaded = Assert.Throws<CheckpointException>(() => other.Trainer.LoadWeights(path));
        Assert.Equal((CheckpointFault.OtherNetwork, nameof(Recipe.Normalisation)), (loaded.Kind, loaded.Settings.Single().Name));
        using var same = new TinyRun(recipe);
        same.Trainer.Resume(path);
        using Device device = new CpuDevice(1);
        using Predictor predictor = Predictor.Open(path, device, batchSize: 2);
        Assert.Equal(10, predictor.Classes);
    }
}
