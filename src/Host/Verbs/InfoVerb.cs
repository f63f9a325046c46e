using System.CommandLine;

namespace ReSTE.Native.Host;

/// <summary>`reste info`: what this build and this machine offer, and why something is missing.</summary>
internal sealed class InfoVerb() : Verb("info", "Shows devices, data sets, networks and the machine.", [])
{
    public override int Run(ParseResult parsed, HostContext context)
    {
        foreach (var (name, value) in Lines(context.Engine))
            context.Out.WriteLine($"{name + ":",-12} {value}");
        return ExitCode.Done;
    }

    private static IEnumerable<(string Name, string Value)> Lines(IEngine engine)
    {
        yield return ("version", BuildInfo.Version);
        yield return ("runtime", Machine.Runtime);
        yield return ("system", Machine.System);
        yield return ("processor", $"{Machine.Processor}, {Plural.Of(Environment.ProcessorCount, "core")}");
        yield return ("vectors", Machine.Vectors);
        yield return ("memory", engine.Memory is { } memory ? $"{memory} are free" : "unknown");
        yield return ("cpu", "ready");
        foreach (var line in engine.DescribeGpus())
            yield return line;
        yield return ("images", engine.DescribeDecoders());
        yield return ("data sets", string.Join(", ", engine.Datasets));
        foreach (var dataset in engine.Datasets)
            yield return ("networks", $"{string.Join(", ", engine.Models(dataset))} on {dataset}");
        yield return ("estimators", string.Join(", ", engine.Estimators));
        yield return ("optimisers", string.Join(", ", engine.Optimisers));
    }
}
