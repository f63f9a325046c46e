using System.Globalization;
using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Engine.Tests.Batches;
using ReSTE.Native.Engine.Tests.Checkpoints;
using ReSTE.Native.Engine.Tests.Embedding;
using ReSTE.Native.Engine.Tests.Operations;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Engine.Tests.Training;
using ReSTE.Native.Tapes;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Estimators;

/// <summary>The seams of estimator and optimiser are real: one that fills them all trains on every device, and resumes.</summary>
public sealed class EverySlotTests
{
    // Two steps of some thousand roundings each, and no sign of these inputs lies within them. Seen: 4e-6 of a tensor's largest number.
    // What batch norm makes of no effect, a factor of its whole channel, has a gradient whose sums, of about 0.3, cancel: seen 1.2e-8 off.
    private const double Bound = 2e-5, Cancelled = 5e-8;

    // The surrogate's second derivatives are those of softmax and batch norm: with steps of 1e-5 the differences are good to 1e-8.
    private const double Step = 1e-5, DifferenceBound = 1e-7;

    private const int Samples = 12;

    [Fact]
    public void Two_steps_agree_with_the_reference_on_every_device()
    {
        Dictionary<string, double[]> expected = Train(new ReferenceDevice());
        Comparison.OnEveryDevice(device =>
        {
            foreach (var (name, values) in Train(device))
            {
                double bound = Cancelled + Bound * expected[name].Max(Math.Abs);
                for (int i = 0; i < values.Length; i++)
                {
                    Assert.True(Math.Abs(values[i] - expected[name][i]) <= bound, string.Create(CultureInfo.InvariantCulture,
                        $"{device.Description}: {name} at {i} is {values[i]:r}, the reference has {expected[name][i]:r}, "
                        + $"tolerance {bound:e1}"));
                }
            }
        });
    }

    [Fact]
    public void Gradients_are_the_differences_of_the_surrogate()
    {
        using var device = new ReferenceDevice();
        using SlotRun run = new(device, new EverySlot()), surrogate = new(device, new Surrogate());
        run.Tape.Forward();
        run.Tape.Backward();
        surrogate.Tape.Forward();
        Assert.Equal(run.Loss, surrogate.Loss, 1e-12);
        foreach (var (p, smooth) in run.Parameters.Parameters.Zip(surrogate.Parameters.Parameters))
        {
            Assert.Equal(p.Name, smooth.Name);
            double[] gradient = p.ReadGradient(), values = smooth.Read();
            for (int i = 0; i < values.Length; i += Math.Max(1, values.Length / Samples))
            {
                double expected = (Loss(i, Step) - Loss(i, -Step)) / (2 * Step), bound = DifferenceBound * (1 + Math.Abs(expected));
                Assert.True(Math.Abs(expected - gradient[i]) <= bound, string.Create(CultureInfo.InvariantCulture,
                    $"{p.Name} at {i}: differences give {expected:r}, the gradient is {gradient[i]:r}, tolerance {bound:e1}"));
            }

            double Loss(int at, double step)
            {
                double[] moved = [.. values];
                moved[at] += step;
                smooth.Write(moved);
                surrogate.Tape.Forward();
                smooth.Write(values);
                return surrogate.Loss;
            }
        }
    }

    [Fact]
    public void Its_states_are_what_its_ops_make_of_them()
    {
        using var device = new CpuDevice(2);
        using var run = new SlotRun(device, new EverySlot());
        Parameter weight = run.Parameters.Parameters.Single(p => p.Name == "conv2.weight");
        var sums = new double[weight.Shape.Count];
        for (int step = 0; step < 3; step++)
        {
            run.Tape.Run();
            sums = [.. sums.Zip(weight.Read(), (sum, w) => (double)((float)sum + (float)w))];
        }

        Assert.Equal(sums, weight.States["slow"].Read());
        Assert.Equal(["fast", "slow"], weight.States.Keys);
        Assert.Equal(sums, State(run, "conv2.trail"));
        Assert.Equal([3.0], run.Parameters.States.OfRun.Single().Read());
        Assert.Equal([3.0], State(run, "conv2.steps"));
        Assert.Equal(["conv1.steps", "conv1.trail", "conv2.steps", "conv2.trail"],
            run.Parameters.Statistics.Select(s => s.Name).Where(n => n.StartsWith("conv", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("reference")]
    [InlineData("cuda")]
    public void A_run_resumes_bit_for_bit_with_all_its_states(string kind)
    {
        using var folder = new TemporaryFolder();
        using Device device = Stripes.Open(kind);
        using Trainer whole = NewTrainer(device);
        Finish(whole);
        using (Trainer stopped = NewTrainer(device))
        {
            using var stop = new CancellationTokenSource();
            var progress = new TinyRun.Calling(report =>
            {
                if (report is { Epoch: 1, Phase: Phase.Training, Step: 0 })
                    stop.Cancel();
            });
            stopped.RunEpoch(progress, stop.Token);
            Assert.Throws<OperationCanceledException>(() => stopped.RunEpoch(progress, stop.Token));
            stopped.Save(folder.File("checkpoint"));
        }

        using Trainer resumed = NewTrainer(device);
        resumed.Resume(folder.File("checkpoint"));
        Finish(resumed);
        Dictionary<string, double[]> expected = Snapshot.OfState(whole.Parameters);
        Assert.Contains("slow of conv1.weight", expected.Keys);
        Assert.Contains("momentum of fc.weight", expected.Keys);
        Assert.DoesNotContain("momentum of conv1.weight", expected.Keys);
        Assert.Contains("conv2.trail", expected.Keys);
        Assert.Contains("two states.steps", expected.Keys);
        Snapshot.AssertSame(kind, expected, Snapshot.OfState(resumed.Parameters));
    }

    private static double[] State(SlotRun run, string name) => run.Parameters.Statistics.Single(s => s.Name == name).Read();

    private static Dictionary<string, double[]> Train(Device device)
    {
        using var run = new SlotRun(device, new EverySlot());
        run.Tape.Run();
        run.Tape.Run();
        run.CheckGuards();
        return run.Numbers();
    }

    private static Trainer NewTrainer(Device device)
    {
        var random = new Random(8);
        var pixels = new byte[26 * SlotRun.Shape.Bytes];
        random.NextBytes(pixels);
        Dataset images = Dataset.FromArrays("noise", pixels, [.. Enumerable.Range(0, 26).Select(i => i % 3)], SlotRun.Shape, 3);
        var data = new DataSplits(images, images.Limit(8), new Preprocessing([0.5f, 0.5f], [0.25f, 0.25f], CropPadding: 1, Flip: true));
        return new Trainer(CifarShaped.Recipe with { Model = "slots", BatchSize = 8 }, device, data, SlotRun.Network, new EverySlot());
    }

    private static void Finish(Trainer trainer)
    {
        while (!trainer.IsFinished)
            trainer.Next();
    }
}
