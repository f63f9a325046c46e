using System.Collections.Concurrent;
using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Engine.Tests.Embedding;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Engine.Tests.Training;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Batches;

/// <summary>A data set that is streamed is read anew in every pass: for training as an epoch draws it, for testing as it is.</summary>
public sealed class StreamedDatasetTests
{
    [Theory]
    [InlineData("cpu")]
    [InlineData("reference")]
    [InlineData("cuda")]
    public void Training_images_are_drawn_anew_in_every_epoch_and_test_images_are_not(string kind)
    {
        var calls = new ConcurrentBag<(bool Train, int Index, ulong? Seed, int? Epoch)>();
        using Device device = Stripes.Open(kind);
        using (Trainer trainer = NewTrainer(device, threads: 3, calls))
        {
            Assert.Equal(2 * (Stripes.Recipe.BatchSize + Stripes.Recipe.BatchSizeTest) * Stripes.Shape.Bytes, trainer.DatasetBytes);
            Run(trainer);
        }
        int[] epochs = [0, 1];
        Assert.Equal(Enumerable.Range(0, 160).SelectMany(i => epochs.Select(epoch => (true, i, (ulong?)Stripes.Recipe.Seed, (int?)epoch))),
            calls.Where(call => call.Train && call.Epoch is not null).Order());
        Assert.Equal(Enumerable.Range(0, Stripes.TestImages).SelectMany(i => new[] { i, i }),
            calls.Where(call => !call.Train && call.Epoch is null).Select(call => call.Index).Order());
        Assert.DoesNotContain(calls, call => call.Train == call.Epoch is null);
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        using Device device = Stripes.Open("cpu");
        var (expected, expectedReports) = Finish(device, 1);
        foreach (int threads in new[] { 2, 5 })
        {
            var (actual, reports) = Finish(device, threads);
            Assert.Equal(TrainerTests.Timeless(expectedReports), TrainerTests.Timeless(reports));
            Snapshot.AssertSame($"{threads} threads", expected, actual);
        }
    }

    [Fact]
    public void The_first_images_of_a_streamed_set_are_streamed_too()
    {
        var calls = new ConcurrentBag<(bool, int, ulong?, int?)>();
        Dataset few = new Drawn(Stripes.Data.Train, train: true, calls).Limit(7);
        var pixels = new byte[Stripes.Shape.Bytes];
        Assert.True(few.IsStreamed);
        few.ReadAugmented(6, 3, 4, pixels);
        Assert.Equal((true, 6, 3UL, 4), Assert.Single(calls));
        Assert.Throws<ArgumentOutOfRangeException>(() => few.ReadAugmented(7, 3, 4, pixels));
        Assert.False(Stripes.Data.Train.Limit(7).IsStreamed);
    }

    [Fact]
    public void A_label_outside_the_classes_is_refused_by_its_image()
    {
        using Device device = Stripes.Open("cpu");
        var data = Stripes.Data;
        using var trainer = new Trainer(Stripes.Recipe, device, data with { Train = new Mislabelled(data.Train) }, Stripes.Network);
        var refusal = Assert.Throws<DatasetException>(() => trainer.Next());
        Assert.Equal((DatasetFault.WrongLabel, 33), (refusal.Kind, refusal.Image));
    }

    private static (Dictionary<string, double[]> State, List<EpochReport> Reports) Finish(Device device, int threads)
    {
        using Trainer trainer = NewTrainer(device, threads, []);
        List<EpochReport> reports = Run(trainer);
        return (Snapshot.OfState(trainer.Parameters), reports);
    }

    private static List<EpochReport> Run(Trainer trainer)
    {
        var reports = new List<EpochReport>();
        while (!trainer.IsFinished)
            reports.Add(trainer.Next());
        return reports;
    }

    private static Trainer NewTrainer(Device device, int threads, ConcurrentBag<(bool, int, ulong?, int?)> calls)
    {
        var data = Stripes.Data;
        return new(Stripes.Recipe, device, data with
        {
            Train = new Drawn(data.Train, train: true, calls),
            Test = new Drawn(data.Test, train: false, calls),
            ReadingThreads = threads,
        }, Stripes.Network);
    }

    /// <summary>Brightens a training image by what its epoch draws.</summary>
    private sealed class Drawn(Dataset images, bool train, ConcurrentBag<(bool, int, ulong?, int?)> calls) : Dataset
    {
        public override string Name => images.Name;
        public override int Count => images.Count;
        public override int Classes => images.Classes;
        public override ImageShape Shape => images.Shape;
        public override bool IsStreamed => true;
        public override string Identity(int count, CancellationToken stop) => "drawn";

        public override int Read(int index, Span<byte> pixels)
        {
            calls.Add((train, index, null, null));
            return images.Read(index, pixels);
        }

        public override int ReadAugmented(int index, ulong seed, int epoch, Span<byte> pixels)
        {
            calls.Add((train, index, seed, epoch));
            int label = images.Read(index, pixels);
            foreach (ref byte pixel in pixels)
                pixel = (byte)(pixel / 2 + (index + epoch) % 7);
            return label;
        }
    }

    private sealed class Mislabelled(Dataset images) : Dataset
    {
        public override string Name => images.Name;
        public override int Count => images.Count;
        public override int Classes => images.Classes;
        public override ImageShape Shape => images.Shape;
        public override bool IsStreamed => true;
        public override int Read(int index, Span<byte> pixels) => images.Read(index, pixels);

        public override int ReadAugmented(int index, ulong seed, int epoch, Span<byte> pixels) =>
            index == 33 ? 3 : images.Read(index, pixels);
    }
}
