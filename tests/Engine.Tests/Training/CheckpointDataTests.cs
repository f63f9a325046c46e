using ReSTE.Native.Checkpoints;
using ReSTE.Native.Datasets;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Engine.Tests.Checkpoints;
using ReSTE.Native.Engine.Tests.Embedding;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Training;

/// <summary>A checkpoint knows its data: a run goes on with the same ones only, and weights are evaluated on any.</summary>
public sealed class CheckpointDataTests : IDisposable
{
    private static readonly (byte[] Pixels, int[] Labels) s_train = Stripes.Train, s_test = Stripes.Test;

    private readonly TemporaryFolder _folder = new();
    private readonly CpuDevice _device = new(1);

    public CheckpointDataTests()
    {
        using Trainer trainer = New(Stripes.Data);
        trainer.Next();
        trainer.Save(Checkpoint);
    }

    private string Checkpoint => _folder.File("stripes.safetensors");

    public void Dispose()
    {
        _device.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_run_is_not_resumed_on_other_images()
    {
        byte[] pixels = [.. s_train.Pixels];
        pixels[^1] ^= 1;
        int[] labels = [.. s_test.Labels];
        labels[7] = (labels[7] + 1) % 3;
        Dataset train = Set(pixels, s_train.Labels), test = Set(s_test.Pixels, labels);
        AssertRefused("its training images are", Stripes.Data with { Train = train });
        AssertRefused("its test images are", Stripes.Data with { Test = test });
        AssertRefused("its training and test images are", new(train, test, Stripes.Data.Preprocessing));
    }

    // A batch that is cut to a smaller set changes the recipe too; the data are what is wrong.
    [Fact]
    public void A_run_is_not_resumed_on_fewer_images()
    {
        Recipe recipe = Stripes.Recipe with { BatchSizeTest = 10, LearningRate = 0.1 };
        AssertRefused("its test images are", Stripes.Data with { Test = Stripes.Data.Test.Limit(10) }, recipe);
        AssertRefused("its training images are", Stripes.Data with { Train = Stripes.Data.Train.Limit(64) }, recipe);
    }

    [Fact]
    public void A_limit_that_was_given_is_told_as_a_setting()
    {
        using Trainer trainer = New(Stripes.Data with { Train = Stripes.Data.Train.Limit(64) }, Stripes.Recipe with { LimitTrain = 64 });
        CheckpointException refusal = Assert.Throws<CheckpointException>(() => trainer.Resume(Checkpoint));
        Assert.Equal(CheckpointFault.OtherSettings, refusal.Kind);
        Assert.Equal([new SettingDifference("LimitTrain", "0", "64")], refusal.Settings);
    }

    [Fact]
    public void A_run_is_not_resumed_under_other_preprocessing()
    {
        Preprocessing saved = Stripes.Data.Preprocessing;
        foreach (var (name, other) in new (string, Preprocessing)[]
        {
            ("Mean", saved with { Mean = [0.5f, 0.5f] }), ("Deviation", saved with { Deviation = [0.25f, 0.25f] }),
            ("CropPadding", saved with { CropPadding = 2 }), ("Flip", saved with { Flip = true }),
        })
        {
            using Trainer trainer = New(Stripes.Data with { Preprocessing = other });
            CheckpointException refusal = Assert.Throws<CheckpointException>(() => trainer.Resume(Checkpoint));
            Assert.Equal(CheckpointFault.OtherData, refusal.Kind);
            Assert.EndsWith($"trained on the same images with another Preprocessing.{name} than given now", refusal.Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_disk_that_fails_once_does_not_keep_a_run_from_being_saved()
    {
        var flaky = new Flaky();
        using Trainer trainer = New(Stripes.Data with { Train = flaky });
        trainer.Next();
        var refusal = Assert.Throws<DatasetException>(() => trainer.Save(_folder.File("flaky")));
        Assert.Equal((DatasetFault.Unreadable, "flaky: cannot be read again to tell it from other data: the disk is away"),
            (refusal.Kind, refusal.Message));
        trainer.Save(_folder.File("flaky"));
        Assert.True(File.Exists(_folder.File("flaky")));
    }

    [Fact]
    public void The_same_images_are_the_same_wherever_they_come_from()
    {
        using Trainer trainer = New(new(new Drawn(s_train), new Drawn(s_test), Stripes.Data.Preprocessing));
        Assert.Equal(DataMatch.Same, trainer.Resume(Checkpoint));
    }

    [Theory]
    [InlineData(false, false, DataMatch.Same)]
    [InlineData(true, false, DataMatch.Same)]
    [InlineData(false, true, DataMatch.Same)]
    [InlineData(true, true, DataMatch.Other)]
    public void Weights_are_evaluated_on_any_images(bool otherTrain, bool otherTest, DataMatch expected)
    {
        DataSplits data = Stripes.Data;
        data = data with { Train = otherTrain ? data.Train.Limit(100) : data.Train, Test = otherTest ? data.Test.Limit(20) : data.Test };
        using Trainer trainer = New(data);
        Assert.Equal(expected, trainer.LoadWeights(Checkpoint).Data);
    }

    [Fact]
    public void A_set_is_known_by_number_size_pixels_and_labels()
    {
        byte[] pixels = [.. s_test.Pixels];
        pixels[0] ^= 128;
        int[] labels = [.. s_test.Labels];
        (labels[0], labels[1]) = (1, 2);
        Dataset[] all =
        [
            Set(s_test.Pixels, s_test.Labels), Set(pixels, s_test.Labels), Set(s_test.Pixels, labels),
            Set(s_test.Pixels, s_test.Labels).Limit(49),
            Dataset.FromArrays("stripes", s_test.Pixels, s_test.Labels, new ImageShape(16, 4, 2), 3),
        ];
        Assert.Distinct(all.Select(Identity));
        Assert.Equal(Identity(all[0]), Identity(Dataset.FromArrays("other name", s_test.Pixels, s_test.Labels, Stripes.Shape, 3)));
        Assert.Equal(Identity(all[3]), Identity(Set(s_test.Pixels[..(49 * Stripes.Shape.Bytes)], s_test.Labels[..49])));
        Assert.Equal(Identity(all[3]), Identity(all[3].Limit(60)));
    }

    [Fact]
    public void A_set_can_say_what_it_is()
    {
        DataSplits data = Stripes.Data with { Train = new Named() };
        using (Trainer trainer = New(data))
            trainer.Save(Checkpoint);
        Assert.Contains("\"Train\":\"160 of my images\"", SafetensorsFile.Open(Checkpoint).Metadata["data"], StringComparison.Ordinal);
        Assert.Equal("5 of my images", Identity(new Named().Limit(9).Limit(5)));
        using Trainer again = New(data);
        Assert.Equal(DataMatch.Same, again.Resume(Checkpoint));
    }

    [Fact]
    public void Nobody_reads_the_images_of_a_trainer_that_is_gone()
    {
        var slow = new Slow();
        New(Stripes.Data with { Train = slow }).Dispose();
        int reads = slow.Reads;
        Assert.InRange(reads, Stripes.Train.Labels.Length, int.MaxValue);
        var unfit = Stripes.Data with { Train = slow, Preprocessing = new([0, 0], [1, 0], 0, false) };
        Assert.Throws<ArgumentException>(() => New(unfit));
        reads = slow.Reads;
        Thread.Sleep(50);
        Assert.Equal(reads, slow.Reads);
    }

    /// <summary>Its identity cannot be found the first time.</summary>
    private sealed class Flaky : Dataset
    {
        private readonly Dataset _whole = Stripes.Data.Train;
        private int _asked;

        public override string Name => "flaky";
        public override int Count => _whole.Count;
        public override int Classes => _whole.Classes;
        public override ImageShape Shape => _whole.Shape;
        public override int Read(int index, Span<byte> pixels) => _whole.Read(index, pixels);

        public override string Identity(int count, CancellationToken stop = default) =>
            Interlocked.Increment(ref _asked) == 1 ? throw new IOException("the disk is away") : _whole.Identity(count, stop);
    }

    private static string Identity(Dataset data) => data.Identity(data.Count, TestContext.Current.CancellationToken);

    private static Dataset Set(byte[] pixels, int[] labels) => Dataset.FromArrays("stripes", pixels, labels, Stripes.Shape, 3);

    private Trainer New(DataSplits data, Recipe? recipe = null) => new(recipe ?? Stripes.Recipe, _device, data, Stripes.Network);

    private void AssertRefused(string what, DataSplits data, Recipe? recipe = null)
    {
        using Trainer trainer = New(data, recipe);
        CheckpointException refusal = Assert.Throws<CheckpointException>(() => trainer.Resume(Checkpoint));
        Assert.Equal(CheckpointFault.OtherData, refusal.Kind);
        Assert.Equal($"{Checkpoint}: the checkpoint was trained on other data: {what} not those given now", refusal.Message);
    }

    /// <summary>The same images out of a class of the caller's own.</summary>
    private class Drawn((byte[] Pixels, int[] Labels) images) : Dataset
    {
        public override string Name => "stripes";
        public override int Count => images.Labels.Length;
        public override int Classes => 3;
        public override ImageShape Shape => Stripes.Shape;

        public override int Read(int index, Span<byte> pixels)
        {
            images.Pixels.AsSpan(index * Shape.Bytes, Shape.Bytes).CopyTo(pixels);
            return images.Labels[index];
        }
    }

    private sealed class Named() : Drawn(s_train)
    {
        public override string Identity(int count, CancellationToken stop) => $"{count} of my images";
    }

    private sealed class Slow() : Drawn(s_train)
    {
        private int _reads;

        public int Reads => Volatile.Read(ref _reads);

        public override int Read(int index, Span<byte> pixels)
        {
            Interlocked.Increment(ref _reads);
            Thread.Sleep(1);
            return base.Read(index, pixels);
        }
    }
}
