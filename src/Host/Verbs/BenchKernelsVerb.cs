using System.CommandLine;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>`reste bench kernels`: what each kernel of a training step has to do, and how long it takes.</summary>
internal sealed class BenchKernelsVerb(IEngine engine, BenchKernelsFlags flags)
    : Verb("kernels", "Times the kernels of the networks' training steps one by one, or lists them.", flags.All)
{
    public BenchKernelsVerb(IEngine engine) : this(engine, new())
    {
    }

    public override int Run(ParseResult parsed, HostContext context)
    {
        var file = new JsonTarget(flags.Json.Name, flags.Json.In(parsed));
        var baseline = KernelBaseline.Read(flags.Baseline.Name, flags.Baseline.In(parsed));
        var recipes = flags.List.In(parsed) ? [flags.Recipe(parsed, engine)] : flags.Recipes(parsed, engine);
        var notices = new List<string>();
        var device = DeviceRule.Choose(flags.Device.In(parsed), [], flags.Threads.In(parsed), engine, notices);
        context.Notify(notices);
        file.RequireWritable();
        if (flags.List.In(parsed))
            List(recipes[0], device, file, context);
        else
            Time(parsed, recipes, device, file, baseline, context);
        return ExitCode.Done;
    }

    private void List(Recipe recipe, DeviceChoice device, JsonTarget file, HostContext context)
    {
        var listing = LaunchListing.Of(recipe, engine.List(recipe, device));
        context.Out.WriteLine(file.Write(listing.Json()) ? listing.Summary() : listing.Json());
    }

    private void Time(ParseResult parsed, IReadOnlyList<Recipe> recipes, DeviceChoice device, JsonTarget file, KernelBaseline? baseline,
        HostContext context)
    {
        var run = new KernelRun(engine, device, new(flags.Filter.Name, flags.Filter.In(parsed)), flags.Repetitions.In(parsed));
        if (flags.Filter.In(parsed) is not null)
            run.Check(recipes);
        var results = Measure(run, parsed, recipes, context.Interruption.Token);
        context.Notify([.. run.LeftOut, .. baseline?.Differences(results) ?? []]);
        context.Out.WriteLine($"batch {Numbers.Text(results.Batch)}, {results.Device}");
        foreach (var library in results.Libraries)
            context.Out.WriteLine(library);
        new KernelTable(results, baseline).Show(context.Out);
        context.Out.WriteLine(Limits(results.Rates, device.Kind));
        file.Write(results.Json());
    }

    /// <summary>The images follow the batch: where they are too many, it is the batch that is too large.</summary>
    private KernelResults Measure(KernelRun run, ParseResult parsed, IReadOnlyList<Recipe> recipes, CancellationToken stop)
    {
        try
        {
            return run.Measure(recipes, mayLeaveOut: !flags.NamesModel(parsed), stop);
        }
        catch (DeviceMemoryException problem) when (problem is { IsDataTooLarge: true, Memory: { } memory })
        {
            throw BenchMemory.ImagesTooLarge(flags.Batch, recipes[0].BatchSize, problem, memory);
        }
    }

    private static string Limits(MeasuredRates rates, DeviceKind kind) =>
        $"measured limits{(kind == DeviceKind.Cpu ? " of a thread" : "")}: copy {Numbers.Fixed(rates.CopyGbS, 1)} GB/s, products of " +
        $"signs {Numbers.Fixed(rates.BitsTops, 3)} TOPS, of reals with signs {Numbers.Fixed(rates.SignTops, 3)}, of reals " +
        $"{Numbers.Fixed(rates.RealTops, 3)}";
}
