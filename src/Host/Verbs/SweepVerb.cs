using System.CommandLine;

namespace ReSTE.Native.Host;

/// <summary>`reste sweep`: a grid over flags, each cell an ordinary run, and one table at the end.</summary>
internal sealed class SweepVerb(IEngine engine, SweepFlags flags)
    : Verb("sweep", "Trains a grid over lists of flags' values (1,2,3 or 1..5), a run folder each, and ends in one table.", flags.All)
{
    public SweepVerb(IEngine engine) : this(engine, new())
    {
    }

    public override bool LeavesFiles(ParseResult parsed) => true;

    public override int Run(ParseResult parsed, HostContext context)
    {
        var sweep = new SweepReader(flags, engine).Read(parsed);
        return SweepSession.Run(sweep, engine, context, SweepFlags.IsQuiet(sweep)).ExitCode;
    }
}
