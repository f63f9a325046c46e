using System.CommandLine;
using ReSTE.Native.Devices.Cpu;
using static ReSTE.Native.Host.FlagOrigin;
using static ReSTE.Native.Host.Flags;

namespace ReSTE.Native.Host;

/// <summary>The flags of `bench limits`.</summary>
internal sealed class BenchLimitsFlags
{
    public Flag<int> Threads { get; } = new TrainingFlags().Threads;
    public Flag<string?> Json { get; } = Location(Ours, "--json", "FILE", null, "also write the result here as JSON");

    public IReadOnlyList<IFlag> All => [Json, Threads];
}

/// <summary>`reste bench limits`: what this processor does at most, on one thread and on all.</summary>
internal sealed class BenchLimitsVerb(BenchLimitsFlags flags)
    : Verb("limits", "Measures what this processor does at most: products, and bytes of each cache and of memory.", flags.All)
{
    private const int Width = 110;

    public BenchLimitsVerb() : this(new())
    {
    }

    public override int Run(ParseResult parsed, HostContext context)
    {
        var file = new JsonTarget(flags.Json.Name, flags.Json.In(parsed));
        file.RequireWritable();
        var threads = flags.Threads.In(parsed) is > 0 and var given ? given : Environment.ProcessorCount;
        var result = MachineLimits.Of(threads, CpuLimits.Measure(threads, context.Interruption.Token));
        Show(result, context.Out);
        file.Write(result.Json());
        return ExitCode.Done;
    }

    private static void Show(MachineLimits result, TextWriter output)
    {
        output.WriteLine(
            $"{result.Cpu}, {Machine.LoadText(result.LoadAverage)}, best of several runs");
        int[] counts = [.. result.Limits.Select(limit => limit.Threads).Distinct()];
        ConsoleTable.Write(output, Width,
            [("what", false), ("where", false), ("unit", false), .. counts.Select(count => (Plural.Of(count, "thread"), false))],
            result.Limits.GroupBy(limit => (limit.Work, limit.VectorBits, limit.Memory)).Select(same => (string[])
            [
                What(same.First()), Where(same), same.First().Unit,
                .. counts.Select(count => same.FirstOrDefault(limit => limit.Threads == count) is { } limit
                    ? Numbers.Fixed(limit.PerS / 1e9, limit.PerS < 10e9 ? 2 : 1) : ""),
            ]));
    }

    private static string What(MachineLimit limit) => limit.Work switch
    {
        "multiply_add" => $"real x real, {Vectors(limit)}",
        "signed_sums" => $"real x sign by tables, {Vectors(limit)}",
        "count_bits" => $"sign x sign, {Vectors(limit)}",
        _ => limit.Work,
    };

    private static string Vectors(MachineLimit limit) =>
        limit.VectorBits == 32 ? "no vectors" : $"{Numbers.Text(limit.VectorBits)}-bit vectors";

    // Threads that share a cache have less of it each.
    private static string Where(IEnumerable<MachineLimit> same)
    {
        var sizes = same.Select(limit => limit.Bytes / 1024).Distinct().Select(Numbers.Text);
        return same.First().Memory is { } memory ? $"{memory}, {string.Join(" or ", sizes)} KiB" : "registers";
    }
}
