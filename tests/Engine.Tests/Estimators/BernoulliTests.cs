using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Engine.Tests.Checkpoints;
using ReSTE.Native.Engine.Tests.Embedding;
using ReSTE.Native.Engine.Tests.Operations;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Engine.Tests.Training;
using ReSTE.Native.Estimators;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Estimators;

/// <summary>Signs drawn in training: the same on every device, for any threads, and after a resume; evaluation takes the sign.</summary>
public sealed class BernoulliTests
{
    // As in EverySlotTests: two steps of some thousand roundings each, and no bound of a draw within them.
    private const double Bound = 2e-5, Cancelled = 5e-8;

    private static Recipe Recipe => TinyRun.Recipe with { Estimator = "Bernoulli" };

    [Fact]
    public void Two_steps_agree_with_the_reference_on_every_device()
    {
        Dictionary<string, double[]> expected = Train(new ReferenceDevice());
        Comparison.OnEveryDevice(device =>
        {
            foreach (var (name, values) in Train(device))
            {
                double bound = Cancelled + Bound * expected[name].Max(Math.Abs);
                Assert.All(values, (value, i) => Assert.Equal(expected[name][i], value, bound));
            }
        });
    }

    [Fact]
    public void Each_step_draws_anew_and_a_run_draws_the_same_again()
    {
        double first = Loss(1), second = Loss(2);
        Assert.NotEqual(first, second);
        Assert.Equal(first, Loss(1));

        // The weights do not change between the steps, and so their draws alone tell them apart.
        static double Loss(int forwards)
        {
            using var device = new CpuDevice(1);
            using var run = new SlotRun(device, new Bernoulli());
            for (int i = 0; i < forwards; i++)
            {
                run.Counters.Set(6 * i, 0, 1);
                run.Tape.Forward();
            }

            return run.Loss;
        }
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        Dictionary<string, double[]>? expected = null;
        foreach (int threads in new[] { 1, 2, 5 })
        {
            using var run = new TinyRun(Recipe, threads: threads);
            run.Finish();
            Dictionary<string, double[]> state = Snapshot.OfState(run.Trainer.Parameters);
            Snapshot.AssertSame($"{threads} threads", expected ??= state, state);
        }
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("cuda")]
    public void A_resumed_run_draws_what_the_whole_one_does(string kind)
    {
        using var folder = new TemporaryFolder();
        using var whole = new TinyRun(Recipe, Stripes.Open(kind));
        whole.Finish();
        using (var stopped = new TinyRun(Recipe, Stripes.Open(kind)))
        {
            stopped.RunUntil(report => report is { Epoch: 1, Phase: Phase.Training, Step: 1 });
            stopped.Trainer.Save(folder.File("checkpoint"));
        }

        using var resumed = new TinyRun(Recipe, Stripes.Open(kind));
        resumed.Trainer.Resume(folder.File("checkpoint"));
        resumed.Finish();
        Snapshot.AssertSame(kind, Snapshot.OfState(whole.Trainer.Parameters), Snapshot.OfState(resumed.Trainer.Parameters));
    }

    [Fact]
    public void It_learns_and_evaluation_is_not_left_to_chance()
    {
        using var run = new TinyRun(Recipe with { Epochs = 8 });
        List<EpochReport> reports = run.Finish();
        Assert.True(reports[^1].Train.Loss < reports[0].Train.Loss, $"{reports[0].Train.Loss} to {reports[^1].Train.Loss}");
        PassResult Evaluate() => run.Trainer.Evaluate(stop: TestContext.Current.CancellationToken);
        Assert.Equal(Evaluate(), Evaluate());
    }

    private static Dictionary<string, double[]> Train(Device device)
    {
        using var run = new SlotRun(device, new Bernoulli());
        run.Tape.Run();
        run.Counters.Set(6, 0, 1);
        run.Tape.Run();
        run.CheckGuards();
        return run.Numbers();
    }
}
