namespace ReSTE.Native.Host;

/// <summary>A sweep from its checked cells to its table.</summary>
internal static class SweepSession
{
    /// <summary>Runs it; null for the table where a signal stopped it.</summary>
    public static (int ExitCode, SweepTable? Table) Run(Sweep sweep, IEngine engine, HostContext context, bool isQuiet)
    {
        var extended = SweepFile.Check(sweep);
        sweep = new SweepCheck(sweep, engine, context).Run();
        using var held = RunFolder.Open(sweep.Folder);
        SweepFile.Write(sweep);
        context.Notify(extended is null ? sweep.Notices : [extended, .. sweep.Notices]);
        if (!isQuiet)
            context.Out.WriteLine($"{Plural.Of(sweep.Cells.Count, "cell")}, {Numbers.Text(sweep.Jobs)} at a time, in {sweep.Folder}; " +
                "results depend neither on that nor on --threads");
        var ends = new SweepRunner(sweep, engine, context, isQuiet).Run();
        if (context.Interruption.ExitCode != 0 && ends.Any(end => end.State == CellState.Waiting))
            return (Interrupted(ends, context), null);
        var table = new SweepTable(sweep, ends);
        table.Write();
        table.Show(context.Out);
        context.Out.WriteLine($"results: {Path.Combine(sweep.Folder, SweepTable.FileName)}");
        return (ends.All(end => end.State == CellState.Done) ? ExitCode.Done : ExitCode.Failure, table);
    }

    private static int Interrupted(IReadOnlyList<CellEnd> ends, HostContext context)
    {
        var done = ends.Count(end => end.State == CellState.Done);
        context.Out.WriteLine($"interrupted by {context.Interruption.Name} with {Numbers.Text(done)} of {Plural.Of(ends.Count, "cell")} " +
            $"done; " +
            "those under way are saved");
        context.Out.WriteLine(ResumeCommand.Advice(context.Arguments, resumes: true, context.Program));
        return context.Interruption.ExitCode;
    }
}
