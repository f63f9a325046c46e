using System.CommandLine;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>`reste bench step`: the time of one training step, or of a batch evaluated, warmed up, as median and spread.</summary>
internal sealed class BenchStepVerb(IEngine engine, BenchFlags flags)
    : Verb("step", "Times one training step of a network, or the evaluation of a batch, on made-up images.", flags.All)
{
    // So often the limits of the machine are measured between steps.
    private const int Parts = 5;

    public BenchStepVerb(IEngine engine) : this(engine, new())
    {
    }

    public override int Run(ParseResult parsed, HostContext context)
    {
        var recipe = flags.Recipe(parsed, engine);
        var notices = new List<string>();
        var device = DeviceRule.Choose(flags.Device.In(parsed), [], flags.Threads.In(parsed), engine, notices);
        context.Notify(notices);
        var file = new JsonTarget(flags.Json.Name, flags.Json.In(parsed));
        file.RequireWritable();
        using var benchmark = Open(recipe, device, flags.Evaluate.In(parsed));
        var stop = context.Interruption.Token;
        int warmup = flags.Warmup.In(parsed), steps = flags.Steps.In(parsed);
        new StepTiming(benchmark, warmup).Run(warmup, stop);
        var timing = new StepTiming(benchmark, steps);
        timing.Run(1, stop);
        // Before limits are measured, which takes memory of its own.
        var peak = Machine.PeakMemory;
        var breakdown = Time(benchmark, timing, steps, device, stop);
        var result = StepTimes.Of(recipe, device, warmup, timing, benchmark, peak, breakdown);
        Show(result, context.Out);
        file.Write(result.Json());
        return ExitCode.Done;
    }

    /// <summary>The images follow the batch: where they are too many, it is the batch that is too large.</summary>
    private IStepBenchmark Open(Recipe recipe, DeviceChoice device, bool evaluates)
    {
        try
        {
            return engine.Benchmark(recipe, device, evaluates);
        }
        catch (DeviceMemoryException problem) when (problem is { IsDataTooLarge: true, Memory: { } memory })
        {
            throw BenchMemory.ImagesTooLarge(flags.Batch, recipe.BatchSize, problem, memory);
        }
    }

    /// <summary>The steps that are left, and between them what the processor does at most, where that is told by operation.</summary>
    private static StepBreakdown? Time(IStepBenchmark benchmark, StepTiming timing, int steps, DeviceChoice device, CancellationToken stop)
    {
        if (benchmark.Clock is not { } clock)
        {
            timing.Run(steps - 1, stop);
            return null;
        }

        using var limits = new StepLimits(device.Threads, stop);
        limits.Measure(stop);
        for (int left = steps - 1, part = (steps + Parts - 1) / Parts; left > 0; left -= part)
        {
            timing.Run(Math.Min(part, left), stop);
            limits.Measure(stop);
        }

        return StepBreakdown.Of(clock.Operations, timing.Seconds, timing.Milliseconds, limits.Limits);
    }

    private static void Show(StepTimes result, TextWriter output)
    {
        var device = result.Launches is { } launches
            ? $"{result.DeviceName} ({Plural.Of(launches, "launch", "launches")} a step)"
            : $"{result.Device} ({Plural.Of(result.Threads, "thread")}, {result.Cpu})";
        output.WriteLine($"{result.Model}, batch {Numbers.Text(result.Batch)}{(result.Evaluates ? " evaluated" : "")}, {device}");
        output.WriteLine(
            $"{Numbers.Fixed(result.MsMedian, 2)} ms a step ({Numbers.Fixed(result.MsMin, 2)} to {Numbers.Fixed(result.MsMax, 2)} " +
            $"over {Plural.Of(result.Steps, "step")}), {Numbers.Fixed(result.ImagesPerS, 1)} images/s, " +
            $"{Numbers.Fixed(result.PeakMb, 1)} MB peak, " +
            Machine.LoadText(result.LoadAverage));
        if (result.Breakdown is { } breakdown)
            new StepTable(breakdown, result).Show(output);
    }
}
