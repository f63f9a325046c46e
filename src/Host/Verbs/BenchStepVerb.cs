using System.CommandLine;
using System.Diagnostics;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>`reste bench step`: the time of one training step, or of a batch evaluated, warmed up, as median and spread.</summary>
internal sealed class BenchStepVerb(IEngine engine, BenchFlags flags)
    : Verb("step", "Times one training step of a network, or the evaluation of a batch, on made-up images.", flags.All)
{
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
        Time(benchmark, flags.Warmup.In(parsed), stop);
        var milliseconds = Time(benchmark, flags.Steps.In(parsed), stop);
        var result = StepTimes.Of(recipe, device, flags.Warmup.In(parsed), milliseconds, benchmark);
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

    private static double[] Time(IStepBenchmark benchmark, int steps, CancellationToken stop)
    {
        var milliseconds = new double[steps];
        for (var i = 0; i < steps; i++)
        {
            stop.ThrowIfCancellationRequested();
            var start = Stopwatch.GetTimestamp();
            benchmark.Step();
            milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        return milliseconds;
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
            $"load average {(result.LoadAverage is { } load ? Numbers.Fixed(load, 2) : "unknown")}");
    }
}
