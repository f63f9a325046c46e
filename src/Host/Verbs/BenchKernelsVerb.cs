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
        file.RequireWritable();
        var filter = new KernelFilter(flags.Filter.Name, flags.Filter.In(parsed));
        context.Notify(flags.List.In(parsed) ? [.. notices, .. flags.NotUsedByListing(parsed)] : notices);
        if (flags.List.In(parsed))
            List(recipes[0], device, filter, file, context);
        else
            Time(parsed, recipes, device, filter, file, baseline, context);
        return ExitCode.Done;
    }

    private void List(Recipe recipe, DeviceChoice device, KernelFilter filter, JsonTarget file, HostContext context)
    {
        var listing = engine.List(recipe, device);
        filter.RequireAny(listing.Launches);
        var listed = LaunchListing.Of(recipe, listing, filter);
        context.Out.WriteLine(file.Write(listed.Json()) ? listed.Summary() : listed.Json());
    }

    private void Time(ParseResult parsed, IReadOnlyList<Recipe> recipes, DeviceChoice device, KernelFilter filter, JsonTarget file,
        KernelBaseline? baseline, HostContext context)
    {
        var run = new KernelRun(engine, device, filter, flags.Repetitions.In(parsed));
        if (flags.Filter.In(parsed) is not null)
            run.Check(recipes);
        var results = Measure(run, parsed, recipes, context.Interruption.Token);
        context.Notify([.. run.LeftOut, .. baseline?.Differences(results) ?? []]);
        Show(results, baseline, device.Kind, context.Out);
        if (recipes.Count == 1 && flags.Filter.In(parsed) is null)
            context.Out.WriteLine(Together(results.Rows));
        file.Write(results.Json());
    }

    private static void Show(KernelResults results, KernelBaseline? baseline, DeviceKind kind, TextWriter output)
    {
        output.WriteLine($"batch {Numbers.Text(results.Batch)}, {results.Device}");
        foreach (var library in results.Libraries)
            output.WriteLine(library);
        new KernelTable(results, baseline).Show(output);
        output.WriteLine(Limits(results.Rates, kind));
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

    /// <summary>All of one step, which on a GPU is a graph of them.</summary>
    private static string Together(IReadOnlyList<KernelRow> rows) =>
        $"together, each as often as in a step: warm {Milliseconds(rows, row => row.Warm)} ms, " +
        $"cold {Milliseconds(rows, row => row.Cold)} ms";

    private static string Milliseconds(IReadOnlyList<KernelRow> rows, Func<KernelRow, TimeSpread> times) =>
        Numbers.Fixed(rows.Sum(row => row.Count * times(row).MedianUs) / 1e3, 3);

    private static string Limits(MeasuredRates rates, DeviceKind kind) =>
        $"measured limits{(kind == DeviceKind.Cpu ? " of a thread" : "")}: copy {Numbers.Fixed(rates.CopyGbS, 1)} GB/s, products of " +
        $"signs {Numbers.Fixed(rates.BitsTops, 3)} TOPS, of reals with signs {Numbers.Fixed(rates.SignTops, 3)}, of reals " +
        $"{Numbers.Fixed(rates.RealTops, 3)}";
}
