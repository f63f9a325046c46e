using System.CommandLine;

namespace ReSTE.Native.Host;

/// <summary>`reste report DIR...`: the page of a run, made anew, or one page of several runs side by side.</summary>
internal sealed class ReportVerb : Verb
{
    private readonly Argument<string[]> _folders = new("DIR...") { Arity = ArgumentArity.OneOrMore };
    private readonly ReportFlags _flags;

    private ReportVerb(ReportFlags flags)
        : base("report", "Makes the page of a run anew, or one page of several runs side by side.", flags.All)
    {
        _flags = flags;
        Add(_folders);
    }

    public ReportVerb() : this(new())
    {
    }

    public override bool LeavesFiles(ParseResult parsed) => true;

    public override int Run(ParseResult parsed, HostContext context)
    {
        var folders = parsed.GetValue(_folders)!;
        var same = folders.GroupBy(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        if (same.FirstOrDefault(paths => paths.Count() > 1) is { } twice)
            throw HostException.Misuse($"'{twice.First()}' is given twice", "name each run once");
        RunData[] runs = [.. folders.Select(Read)];
        var path = _flags.Output.In(parsed) ?? (runs.Length == 1 ? Path.Combine(folders[0], RunFolder.ReportName) : RunFolder.ReportName);
        RequireOurs(path, runs, _flags.Force.In(parsed));
        Write(path, runs.Length == 1 ? new RunPage(runs[0], DateTime.Now).Text() : new RunsPage(runs).Text());
        context.Out.WriteLine($"wrote {path}");
        return ExitCode.Done;
    }

    private static RunData Read(string folder)
    {
        if (!Directory.Exists(folder))
            throw HostException.Misuse($"there is no folder '{folder}'", "name the folder of a run");
        if (!File.Exists(Path.Combine(folder, RunFolder.MetricsName)))
            throw HostException.Misuse($"'{folder}' is no folder of a run: it holds no {RunFolder.MetricsName}",
                "a run's is --results_dir, and in it --save where that was given");
        try
        {
            var run = new RunReader(folder, isStrict: true).Read();
            return run with { State = run.IsWhole ? RunState.Done : RunLock.IsHeld(folder) ? RunState.Running : RunState.Stopped };
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new HostException(ExitCode.Failure, $"cannot read the run in '{folder}': {problem.Message}", null, problem);
        }
    }

    /// <summary>Refuses to replace what is not a report of these runs.</summary>
    private static void RequireOurs(string path, RunData[] runs, bool isForced)
    {
        if (isForced || !File.Exists(path))
            return;
        try
        {
            if (ReportHtml.IsOf(path, runs.Select(run => run.Key)))
                return;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // What cannot be read is nothing to replace unasked.
        }
        throw HostException.Misuse($"'{path}' is there already, and no report of {(runs.Length == 1 ? "this run" : "these runs")}",
            "--force replaces it, --output names another");
    }

    private static void Write(string path, string text)
    {
        try
        {
            TextFile.RequireWritable(path);
            TextFile.Replace(path, text);
        }
        catch (Exception problem) when (TextFile.IsUnwritable(problem))
        {
            throw new HostException(ExitCode.Failure, $"cannot write '{path}'", TextFile.Reason(path, problem), problem);
        }
    }
}

/// <summary>The flags of `report`.</summary>
internal sealed class ReportFlags
{
    public Flag<string?> Output { get; } = Flags.Location(FlagOrigin.Ours, "--output", "FILE", null, "where the page is written",
        defaultText: "report.html in DIR; of several runs, here");

    public Flag<bool> Force { get; } = Flags.Switch(FlagOrigin.Ours, "--force", "replace a file that is no report of just these runs");

    public IReadOnlyList<IFlag> All => [Output, Force];
}
