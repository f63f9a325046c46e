using ReSTE.Native.Checkpoints;
using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Engine.Tests.Checkpoints;
using ReSTE.Native.Engine.Tests.Embedding;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Training;

/// <summary>A part of the training images that judges the epochs in place of the test images.</summary>
public sealed class ValidationSplitTests : IDisposable
{
    private const int Images = 45, HeldOut = 11; // a quarter, rounded; no multiple of a batch

    private static readonly Recipe s_recipe = TinyRun.Recipe with { ValidationSplit = 0.25, Indicators = true };

    private readonly TemporaryFolder _folder = new();
    private readonly CpuDevice _device = new(1);

    public void Dispose()
    {
        _device.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(2, 0.5, 1)]
    [InlineData(45, 0.25, 11)]
    [InlineData(1000, 0.1, 100)]
    [InlineData(1001, 0.9995, 1000)]
    public void Every_image_is_in_one_part_and_both_keep_its_order(int images, double share, int heldOut)
    {
        DataSplits parts = ValidationSplit.Of(new Recipe { ValidationSplit = share }, Numbered(images));
        int[] train = NumbersOf(parts.Train), validation = NumbersOf(parts.Validation!);
        Assert.Equal((images - heldOut, heldOut), (train.Length, validation.Length));
        Assert.Equal(Enumerable.Range(0, images), train.Concat(validation).Order());
        Assert.Equal(train.Order(), train);
        Assert.Equal(validation.Order(), validation);
    }

    [Fact]
    public void The_seed_alone_decides_which_images_they_are()
    {
        int[] Drawn(ulong seed, double rate) =>
            NumbersOf(ValidationSplit.Of(s_recipe with { Seed = seed, LearningRate = rate }, Numbered(1000)).Validation!);
        Assert.Equal(Drawn(7, 0.1), Drawn(7, 0.3));
        Assert.NotEqual(Drawn(7, 0.1), Drawn(8, 0.1));
        // Spread over the set: a plain tail or head would be of one kind in sets that are sorted by class.
        Assert.Equal(125, Drawn(7, 0.1).Count(number => number < 500), 40.0);
    }

    [Fact]
    public void Data_that_have_such_a_part_and_recipes_that_ask_for_none_change_nothing()
    {
        DataSplits whole = Numbered(40);
        Assert.Same(whole, ValidationSplit.Of(new Recipe(), whole));
        DataSplits parts = ValidationSplit.Of(s_recipe, whole);
        Assert.Same(parts, ValidationSplit.Of(s_recipe, parts));
    }

    [Theory]
    [InlineData(-0.1, RecipeFault.OutOfRange)]
    [InlineData(1, RecipeFault.OutOfRange)]
    [InlineData(double.NaN, RecipeFault.OutOfRange)]
    [InlineData(0.01, RecipeFault.DoesNotFitData)]
    [InlineData(0.99, RecipeFault.DoesNotFitData)]
    public void A_share_that_leaves_nothing_of_a_part_is_refused(double share, RecipeFault reason)
    {
        var refusal = Assert.Throws<RecipeException>(() => new Trainer(s_recipe with { ValidationSplit = share }, _device, Numbered(40)));
        Assert.Equal((reason, nameof(Recipe.ValidationSplit)), (refusal.Reason, refusal.Setting));
    }

    /// <summary>Batches are cut from what is left: of 41 images one is held out, and 40 are five whole batches.</summary>
    [Fact]
    public void Batches_are_those_of_the_images_left()
    {
        using var fits = new Trainer(s_recipe with { ValidationSplit = 0.02 }, _device, TinyImages.Splits(41));
        var refusal = Assert.Throws<RecipeException>(() =>
            new Trainer(s_recipe with { ValidationSplit = 0.02 }, _device, TinyImages.Splits(42)));
        Assert.Equal(nameof(Recipe.BatchSize), refusal.Setting);
    }

    /// <summary>The reference: a run without a split whose sets are the two parts.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(3)]
    public void A_run_has_the_bits_of_one_that_trains_and_tests_on_the_parts(int? readingThreads)
    {
        DataSplits whole = TinyImages.Splits(Images), parts = ValidationSplit.Of(s_recipe, whole);
        Assert.Equal(HeldOut, parts.Validation!.Count);
        var plain = new DataSplits(parts.Train, parts.Validation, whole.Preprocessing);
        using var expected = new Trainer(s_recipe with { ValidationSplit = 0 }, _device, plain);
        using var actual = new Trainer(TrainingPlan.Of(s_recipe, whole) with { ReadingThreads = readingThreads }, _device);
        Assert.Equal(TrainerTests.Timeless(Finish(expected)), TrainerTests.Timeless(Finish(actual)));
        Snapshot.AssertSame("split run", Snapshot.OfState(expected.Parameters), Snapshot.OfState(actual.Parameters));
        Assert.Equal(expected.State, actual.State);
    }

    /// <summary>On every device; the held-out part is smaller than a batch of test images here.</summary>
    [Theory]
    [MemberData(nameof(Stripes.Devices), MemberType = typeof(Stripes))]
    public void Every_device_holds_out_the_same(string kind)
    {
        using Device device = Stripes.Open(kind);
        Recipe recipe = Stripes.Recipe with { ValidationSplit = 0.08, BatchSizeTest = 16 };
        DataSplits parts = ValidationSplit.Of(recipe, Stripes.Data);
        Assert.Equal((147, 13), (parts.Train.Count, parts.Validation!.Count));
        var plain = new DataSplits(parts.Train, parts.Validation, parts.Preprocessing);
        using var expected = new Trainer(recipe with { ValidationSplit = 0, BatchSizeTest = 13 }, device, plain, Stripes.Network);
        using var actual = new Trainer(recipe, device, Stripes.Data, Stripes.Network);
        Assert.Equal(TrainerTests.Timeless(Finish(expected)), TrainerTests.Timeless(Finish(actual)));
        actual.SaveWeights(_folder.File("weights"));
        using var tested = new Trainer(Stripes.Recipe, device, Stripes.Data, Stripes.Network);
        tested.LoadWeights(_folder.File("weights"));
        CancellationToken never = TestContext.Current.CancellationToken;
        Assert.Equal(tested.Evaluate(null, never), actual.Evaluate(null, never));
    }

    [Fact]
    public void The_test_images_are_there_to_be_evaluated_and_decide_nothing()
    {
        using var run = new Trainer(s_recipe, _device, TinyImages.Splits(Images));
        EpochReport report = run.RunEpoch(null, TestContext.Current.CancellationToken);
        PassResult test = run.Evaluate(null, TestContext.Current.CancellationToken);
        run.SaveWeights(_folder.File("weights"));
        using var other = new Trainer(TinyRun.Recipe, _device, TinyImages.Splits(Images));
        Assert.Equal(DataMatch.Same, other.LoadWeights(_folder.File("weights")).Data);
        Assert.Equal(test, other.Evaluate(null, TestContext.Current.CancellationToken));
        Assert.NotEqual(test, report.Validation);
        Assert.Equal(report.Validation.Top1, run.State.BestTop1);
    }

    [Theory]
    [InlineData(Phase.Training, 2)]
    [InlineData(Phase.Evaluating, 0)]
    public void Stopping_after_a_step_changes_no_bit(Phase phase, int step)
    {
        DataSplits data = TinyImages.Splits(Images);
        using var whole = new Trainer(s_recipe, _device, data);
        List<EpochReport> expected = Finish(whole);
        using (var stopped = new Trainer(s_recipe, _device, data))
        {
            stopped.RunEpoch(null, TestContext.Current.CancellationToken);
            using var stop = new CancellationTokenSource();
            var progress = new TinyRun.Calling(report =>
            {
                if (report.Phase == phase && report.Step == step)
                    stop.Cancel();
            });
            Assert.Throws<OperationCanceledException>(() => stopped.RunEpoch(progress, stop.Token));
            stopped.Save(_folder.File("checkpoint"));
        }

        using var resumed = new Trainer(s_recipe, _device, data);
        Assert.Equal(DataMatch.Same, resumed.Resume(_folder.File("checkpoint")));
        Assert.Equal(TrainerTests.Timeless(expected[1..]), TrainerTests.Timeless(Finish(resumed)));
        Snapshot.AssertSame("resumed", Snapshot.OfState(whole.Parameters), Snapshot.OfState(resumed.Parameters));
    }

    [Fact]
    public void A_run_is_resumed_with_its_own_share_and_its_own_validation_images_only()
    {
        DataSplits data = TinyImages.Splits(Images);
        using (var run = new Trainer(s_recipe, _device, data))
            run.Save(_folder.File("checkpoint"));
        CheckpointException Refused(Recipe recipe, DataSplits images)
        {
            using var other = new Trainer(recipe, _device, images);
            return Assert.Throws<CheckpointException>(() => other.Resume(_folder.File("checkpoint")));
        }

        CheckpointException share = Refused(s_recipe with { ValidationSplit = 0.5 }, data);
        Assert.Equal([new(nameof(Recipe.ValidationSplit), "0.25", "0.5")], share.Settings);
        CheckpointException images = Refused(s_recipe, ValidationSplit.Of(s_recipe, data) with { Validation = data.Test });
        Assert.Equal(CheckpointFault.OtherData, images.Kind);
        Assert.Contains("its validation images are not those given now", images.Message, StringComparison.Ordinal);
    }

    /// <summary>A set too large to be read tells itself from others without its images; so do its parts.</summary>
    [Fact]
    public void Parts_of_a_set_are_told_apart_without_reading_it()
    {
        string Identity(string name, ulong seed, Func<DataSplits, Dataset> part)
        {
            var data = new DataSplits(new Unread(name), new Unread("test"), Preprocessing.Published);
            Dataset images = part(ValidationSplit.Of(s_recipe with { Seed = seed }, data));
            return images.Identity(images.Count, TestContext.Current.CancellationToken);
        }

        string[] all =
        [
            Identity("a", 7, parts => parts.Train), Identity("a", 7, parts => parts.Validation!), Identity("a", 8, parts => parts.Train),
            Identity("b", 7, parts => parts.Train), "a",
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(all[0], Identity("a", 7, parts => parts.Train));
    }

    /// <summary>To find out an identity may mean to read every image: once is enough for both parts, and a failure is no answer.</summary>
    [Fact]
    public void Parts_share_the_identity_of_their_set()
    {
        var images = new Counted(failures: 1);
        DataSplits parts = ValidationSplit.Of(s_recipe, new DataSplits(images, new Unread("test"), Preprocessing.Published));
        Dataset train = parts.Train, held = parts.Validation!;
        CancellationToken never = TestContext.Current.CancellationToken;
        Assert.Throws<DatasetException>(() => train.Identity(train.Count, never));
        var found = new string[8];
        Parallel.For(0, found.Length, i => found[i] = (i % 2 == 0 ? train : held).Identity((i % 2 == 0 ? train : held).Count, never));
        Assert.Equal(2, found.Distinct().Count());
        Assert.Equal(2, images.Asked);
    }

    private static List<EpochReport> Finish(Trainer trainer)
    {
        var reports = new List<EpochReport>();
        while (!trainer.IsFinished)
            reports.Add(trainer.RunEpoch(null, CancellationToken.None));
        return reports;
    }

    /// <summary>Images of two bytes and more that are their own numbers.</summary>
    private static DataSplits Numbered(int images) => new(
        Dataset.FromArrays("numbered", [.. Enumerable.Range(0, images).SelectMany(i => new byte[] { (byte)i, (byte)(i >> 8), 0 })],
            new int[images], new ImageShape(1, 1, 3), 10),
        Dataset.FromArrays("test", new byte[3], [0], new ImageShape(1, 1, 3), 10), Preprocessing.Published);

    private static int[] NumbersOf(Dataset images)
    {
        var pixels = new byte[3];
        return [.. Enumerable.Range(0, images.Count).Select(i =>
        {
            images.Read(i, pixels);
            return pixels[0] + (pixels[1] << 8);
        })];
    }

    /// <summary>Fails at first, and counts how often it is asked what it is.</summary>
    private sealed class Counted(int failures) : Unread("counted")
    {
        private int _asked;

        public int Asked => _asked;

        public override string Identity(int count, CancellationToken stop) => Interlocked.Increment(ref _asked) > failures
            ? base.Identity(count, stop)
            : throw new DatasetException(DatasetFault.Unreadable, "not now");
    }

    private class Unread(string identity) : Dataset
    {
        public override string Name => "unread";
        public override int Count => 100;
        public override int Classes => 10;
        public override ImageShape Shape => new(32, 32, 3);
        public override int Read(int index, Span<byte> pixels) => throw new InvalidOperationException("read");
        public override string Identity(int count, CancellationToken stop) => identity;
    }
}
