using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Engine.Tests.Checkpoints;
using ReSTE.Native.Engine.Tests.Embedding;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Engine.Tests.Training;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Batches;

/// <summary>Images read ahead of the steps give the bits of images that lie on the device, for any number of threads.</summary>
public sealed class StreamedBatchesTests
{
    public static TheoryData<string, int> Cases => new()
    {
        { "cpu", 1 }, { "cpu", 2 }, { "cpu", 7 }, { "reference", 3 }, { "cuda", 1 }, { "cuda", 4 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Streaming_gives_the_bits_of_the_resident_set(string kind, int threads)
    {
        using Device device = Stripes.Open(kind);
        var (expected, expectedReports) = Finish(device, null);
        var (actual, reports) = Finish(device, threads);
        Assert.Equal(TrainerTests.Timeless(expectedReports), TrainerTests.Timeless(reports));
        Snapshot.AssertSame($"{kind}, {threads} threads", expected, actual);
    }

    // Threads finish in an order of their own: the first image of a batch comes last.
    [Fact]
    public void The_order_in_which_images_arrive_changes_nothing()
    {
        using Device device = Stripes.Open("cpu");
        var (expected, _) = Finish(device, null);
        using Trainer trainer = CifarShaped.NewTrainer(device, threads: 5, (index, pixels) =>
        {
            Thread.Sleep(index % 5 == 0 ? 12 : 0);
            return CifarShaped.Read(index, pixels);
        });
        Run(trainer);
        Snapshot.AssertSame("slow images", expected, Snapshot.OfState(trainer.Parameters));
    }

    [Fact]
    public void Only_two_batches_lie_on_the_device()
    {
        using Device device = Stripes.Open("cpu");
        using Trainer resident = CifarShaped.NewTrainer(device, null), streamed = CifarShaped.NewTrainer(device, threads: 1);
        const int Bytes = 32 * 32 * 3;
        Assert.Equal((CifarShaped.Images + 20) * Bytes, resident.DatasetBytes);
        Assert.Equal(2 * (CifarShaped.Batch + 8) * Bytes, streamed.DatasetBytes);
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("cuda")]
    public void A_run_that_was_stopped_goes_on_with_the_same_bits(string kind)
    {
        using var folder = new TemporaryFolder();
        using Device device = Stripes.Open(kind);
        var (expected, _) = Finish(device, null);
        using (Trainer stopped = CifarShaped.NewTrainer(device, threads: 2))
        {
            using var stop = new CancellationTokenSource();
            var progress = new TinyRun.Calling(report =>
            {
                if (report is { Epoch: 1, Phase: Phase.Training, Step: 1 })
                    stop.Cancel();
            });
            stopped.RunEpoch(progress, stop.Token);
            Assert.Throws<OperationCanceledException>(() => stopped.RunEpoch(progress, stop.Token));
            stopped.Save(folder.File("checkpoint"));
        }

        using Trainer resumed = CifarShaped.NewTrainer(device, threads: 3);
        resumed.Resume(folder.File("checkpoint"));
        Run(resumed);
        Snapshot.AssertSame("resumed", expected, Snapshot.OfState(resumed.Parameters));
    }

    // The readers must not wait for the thread that waits for them.
    [Fact]
    public async Task A_scheduler_of_one_thread_is_enough()
    {
        var one = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        CancellationToken stop = TestContext.Current.CancellationToken;
        await Task.Factory.StartNew(() =>
        {
            using Device device = Stripes.Open("cpu");
            using Trainer trainer = CifarShaped.NewTrainer(device, threads: 2);
            trainer.Next();
        }, stop, TaskCreationOptions.None, one).WaitAsync(TimeSpan.FromSeconds(60), stop);
    }

    // A time limit of somebody's own network call is a failure, not a stop.
    [Fact]
    public void A_reader_that_gives_up_does_not_stop_the_run_as_if_asked()
    {
        using Device device = Stripes.Open("cpu");
        using Trainer trainer = CifarShaped.NewTrainer(device, threads: 2, (index, pixels) =>
            index == 33 ? throw new TaskCanceledException("no answer") : CifarShaped.Read(index, pixels));
        Assert.Throws<TaskCanceledException>(() => Run(trainer));
        Assert.Throws<InvalidOperationException>(() => trainer.Next());
    }

    // The first step waits for its 16 images of 20 ms each; those in the device's memory nobody waits for.
    [Fact]
    public void A_step_tells_how_long_it_waited_for_its_images()
    {
        using Device device = Stripes.Open("cpu");
        double Waited(int? threads, int milliseconds)
        {
            var first = new List<double>();
            using Trainer trainer = CifarShaped.NewTrainer(device, threads, (index, pixels) =>
            {
                Thread.Sleep(milliseconds);
                return CifarShaped.Read(index, pixels);
            });
            trainer.RunEpoch(new TinyRun.Calling(report => first.Add(report.DataSeconds)), TestContext.Current.CancellationToken);
            return first[0];
        }

        Assert.True(Waited(threads: 1, 20) > 0.25);
        Assert.Equal(0, Waited(threads: null, 0));
    }

    [Fact]
    public void What_a_reader_throws_reaches_whoever_trains()
    {
        using Device device = Stripes.Open("cpu");
        using Trainer trainer = CifarShaped.NewTrainer(device, threads: 3, (index, pixels) =>
            index == 33 ? throw new DatasetException(DatasetFault.Damaged, "image 33 is damaged") : CifarShaped.Read(index, pixels));
        Assert.Equal("image 33 is damaged", Assert.Throws<DatasetException>(() => Run(trainer)).Message);
    }

    private static (Dictionary<string, double[]> State, List<EpochReport> Reports) Finish(Device device, int? threads)
    {
        using Trainer trainer = CifarShaped.NewTrainer(device, threads);
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
}
