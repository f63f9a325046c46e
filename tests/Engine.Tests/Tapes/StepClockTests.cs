using System.Diagnostics;
using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Engine.Tests.Training;
using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Tapes;

/// <summary>A step under a clock: the same step, with all of its operations and the time of each.</summary>
public sealed class StepClockTests
{
    // Multiply-adds of ResNet-20's binary layers, of one image forward.
    private const long BitsOfAnImage = 40_108_032;

    [Theory]
    [MemberData(nameof(TapeCase.Networks), MemberType = typeof(TapeCase))]
    public void A_clock_changes_no_bit(string model, bool realActivations)
    {
        using var device = new CpuDevice(2);
        using NetworkRun plain = TapeCase.Build(device, model, realActivations, batch: 3, size: 16);
        using NetworkRun timed = TapeCase.Build(device, model, realActivations, batch: 3, size: 16);
        StepClock clock = timed.Tape.NewClock()!;
        Dictionary<string, double[]> expected = TapeCase.Train(plain, steps: 2);
        for (int step = 0; step < 2; step++)
        {
            TapeCase.Feed(timed, step);
            clock.Run(timed.Tape);
        }

        Dictionary<string, double[]> actual = Snapshot.Of(timed);
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.All(expected, tensor => Assert.Equal(tensor.Value, actual[tensor.Key]));
    }

    [Theory]
    [InlineData(512)]
    [InlineData(256)]
    public void The_operations_have_the_products_of_the_network(int vectorBits)
    {
        Assert.SkipUnless(CpuVectors.Available.Contains(vectorBits), $"no vectors of {vectorBits} bits here");
        const int Batch = 3;
        using var device = new CpuDevice(1, vectorBits);
        using NetworkRun run = TapeCase.Build(device, "resnet20_1w1a", realActivations: false, Batch);
        IReadOnlyList<StepOperation> operations = run.Tape.NewClock()!.Operations;
        StepOperation[] forward = [.. operations.Where(o => o.Direction == StepDirection.Forward)];
        StepOperation[] backward = [.. operations.Where(o => o.Direction == StepDirection.Backward)];
        Assert.Equal(Batch * BitsOfAnImage, forward.Sum(o => o.Work.Bits));
        Assert.Equal(2 * Batch * BitsOfAnImage, backward.Sum(o => o.Work.Sign));
        // The first layer has no gradient of its input; the last has both.
        const long First = 32 * 32 * 16 * 27, Last = 64 * 10;
        Assert.Equal(Batch * (First + Last), forward.Sum(o => o.Work.Real));
        Assert.Equal(Batch * (First + 2 * Last), backward.Sum(o => o.Work.Real));
        Assert.Equal("sgd_step", Assert.Single(operations, o => o.Direction == StepDirection.Update).Kind);
        Assert.Contains(operations, o => o is { Layer: "layer2.0.conv1", Sizes: "3x3, 16x32x32 to 32x16x16" });
    }

    [Fact]
    public void Bytes_are_those_of_tensors_that_are_read_or_written()
    {
        Assert.SkipUnless(CpuVectors.Available.Contains(512), "units are fused with vectors of 512 bits");
        using var device = new CpuDevice(1, 512);
        using NetworkRun run = TapeCase.Build(device, "resnet20_1w1a", realActivations: false, batch: 2);
        long Of(string layer) => Assert.Single(run.Tape.NewClock()!.Operations,
            o => o.Layer == layer && o.Direction == StepDirection.Forward).Work.Bytes;
        const long Pixels = 2 * 32 * 32, Reals = Pixels * 16 * sizeof(float);
        // Working memory does not have to be.
        Assert.Equal(Pixels * 3 * sizeof(float) + 16 * 27 * sizeof(float) + Reals, Of("conv1"));
        // Signs in, counts and signs out: of its input's real values nothing is read, nor are its own written.
        Assert.InRange(Of("layer1.0.conv1"), Reals / 4, Reals);
        // As a shortcut they are.
        Assert.InRange(Of("layer1.0.conv2"), 2 * Reals, 3 * Reals);
    }

    [Fact]
    public void The_times_of_operations_add_up_to_no_more_than_the_step()
    {
        using var run = new TinyRun(TinyRun.Recipe);
        StepClock clock = run.Trainer.NewStepClock()!;
        var seconds = new double[clock.Operations.Count];
        run.Trainer.Step(clock);
        double most = 0;
        for (int step = 0; step < 3; step++)
        {
            long start = Stopwatch.GetTimestamp();
            run.Trainer.Step(clock);
            double all = Stopwatch.GetElapsedTime(start).TotalSeconds;
            clock.Read(seconds);
            Assert.All(seconds, one => Assert.InRange(one, 0, all));
            Assert.InRange(seconds.Sum(), 0, all * 1.000001);
            most = Math.Max(most, seconds.Sum() / all);
        }

        // What another program takes between two operations is in no step every time.
        Assert.InRange(most, 0.9, 1.000001);
    }

    [Fact]
    public void A_smaller_last_batch_leaves_the_clock_as_it_was()
    {
        using var run = new TinyRun(TinyRun.Recipe, images: TinyRun.Batch + 3);
        StepClock clock = run.Trainer.NewStepClock()!;
        double[] whole = new double[clock.Operations.Count], rest = new double[clock.Operations.Count];
        run.Trainer.Step(clock);
        clock.Read(whole);
        run.Trainer.Step(clock);
        clock.Read(rest);
        Assert.Equal((2, TinyRun.Batch + 3), (run.Trainer.StepsDone, run.Trainer.State.Cursor));
        Assert.Equal(whole, rest);
    }

    [Fact]
    public void An_evaluation_has_its_operations_and_the_same_result()
    {
        using var run = new TinyRun(TinyRun.Recipe);
        StepClock clock = run.Trainer.NewEvaluationClock()!;
        run.Trainer.Step();
        // The weights have changed, and what was folded of them must too.
        Assert.Equal(run.Trainer.Evaluate(null, TestContext.Current.CancellationToken), run.Trainer.Evaluate(clock));
        run.Trainer.Step(run.Trainer.NewStepClock()!);
        PassResult timed = run.Trainer.Evaluate(clock);
        Assert.Equal(run.Trainer.Evaluate(null, TestContext.Current.CancellationToken), timed);
        var seconds = new double[clock.Operations.Count];
        clock.Read(seconds);
        Assert.All(seconds, one => Assert.InRange(one, 0, 10));
        Assert.True(seconds.Sum() > 0, "no operation took time");
        Assert.DoesNotContain(clock.Operations, o => o.Direction == StepDirection.Backward);
        Assert.Contains(clock.Operations, o => o.Kind == "softmax_cross_entropy");
    }

    [Fact]
    public void An_evaluation_is_told_unit_by_unit()
    {
        using var run = new TinyRun(TinyRun.Recipe);
        IReadOnlyList<StepOperation> evaluation = run.Trainer.NewEvaluationClock()!.Operations;
        Assert.Equal(18, evaluation.Count(o => o.Kind == "binary_unit_evaluation"));
        // Batches of both are of one size.
        Assert.Equal(run.Trainer.NewStepClock()!.Operations.Sum(o => o.Work.Bits), evaluation.Sum(o => o.Work.Bits));
        Assert.Equal(0, evaluation.Sum(o => o.Work.Sign));
    }

    [Fact]
    public void A_clock_of_another_trainer_is_refused()
    {
        using TinyRun one = new(TinyRun.Recipe), other = new(TinyRun.Recipe);
        StepClock clock = one.Trainer.NewStepClock()!;
        Assert.Throws<ArgumentException>(() => other.Trainer.Step(clock));
        Assert.Throws<ArgumentException>(() => clock.Read(new double[1]));
    }

    [Fact]
    public void A_device_that_runs_a_step_all_at_once_has_no_clock()
    {
        using var device = new ReplayingDevice();
        using NetworkRun run = TapeCase.Build(device, "resnet20_1w1a", realActivations: false, batch: 2, size: 8);
        Assert.Null(run.Tape.NewClock());
    }

    /// <summary>The processor, with a replay of its own as a GPU has one.</summary>
    private sealed class ReplayingDevice : HostMemoryDevice
    {
        private readonly CpuDevice _inner = new(1);

        public override string Name => _inner.Name;

        public override string Description => _inner.Description;

        internal override Tensors.ElementType Real => _inner.Real;

        internal override IKernels Kernels => _inner.Kernels;

        public override void Dispose() => _inner.Dispose();

        internal override Replay Prepare(string name, Action<IKernels> operations) => new Whole();

        private sealed class Whole : Replay
        {
            public override void Run()
            {
            }
        }
    }
}
