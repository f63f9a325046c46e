using System.CommandLine;

namespace ReSTE.Native.Host;

/// <summary>`reste study equilibrium`: a sweep over estimators and o_end, and a page that shows what came of it.</summary>
internal sealed class StudyEquilibriumVerb : Verb
{
    private static readonly SweepFlag[] s_grid =
    [
        new("--estimator", ["ReSTE", "STE", "DSQ", "EDE", "FDA", "RBNN"], IsList: true),
        new("--o_end", ["1", "2", "3", "5", "10"], IsList: true),
        new("--seed", ["1", "2"], IsList: true),
        new("--cal_ind", [], IsList: false),
    ];

    private readonly SweepFlags _flags;
    private readonly Flag<bool> _reportOnly;
    private readonly IEngine _engine;

    private StudyEquilibriumVerb(IEngine engine, SweepFlags flags, Flag<bool> reportOnly)
        : base("equilibrium", "Sweeps estimators and o_end, and reports estimating error, gradient stability and accuracy on one page.",
            [.. flags.All, reportOnly]) => (_engine, _flags, _reportOnly) = (engine, flags, reportOnly);

    public StudyEquilibriumVerb(IEngine engine)
        : this(engine, new(), Host.Flags.Switch(FlagOrigin.Ours, "--report_only",
            "train nothing: make the page of the runs that are there"))
    {
    }

    public override bool LeavesFiles(ParseResult parsed) => true;

    public override int Run(ParseResult parsed, HostContext context)
    {
        var sweep = new SweepReader(_flags, _engine).Read(parsed, s_grid);
        var (code, table) = _reportOnly.In(parsed)
            ? (ExitCode.Done, ReadOnly(sweep))
            : SweepSession.Run(sweep, _engine, context, SweepFlags.IsQuiet(sweep));
        if (table is null)
            return code;
        var page = Path.Combine(sweep.Folder, EquilibriumPage.FileName);
        var command = string.Join(' ', context.Arguments.Where(word => word != _reportOnly.Name).Prepend(ResumeCommand.Program));
        TextFile.Replace(page, new EquilibriumPage(sweep, table, Gradients(sweep, context), command).Text());
        context.Out.WriteLine($"report: {page}");
        return code;
    }

    /// <summary>The table of the cells that are finished.</summary>
    private static SweepTable ReadOnly(Sweep sweep)
    {
        SweepFile.Check(sweep);
        CellEnd[] ends = [.. sweep.Cells.Select(cell => new CellEnd(cell,
            CellNumbers.Read(cell) is null ? CellState.Waiting : CellState.Done))];
        if (ends.All(end => end.State == CellState.Waiting))
            throw HostException.Misuse($"--report_only: no run of this study is finished in '{sweep.Folder}'",
                "name its folder with --results_dir, and give the flags it was trained with");
        return new(sweep, ends);
    }

    /// <summary>One step from the final weights of each row's first finished seed.</summary>
    private Dictionary<string, IReadOnlyList<LayerGradients>> Gradients(Sweep sweep, HostContext context)
    {
        var found = new Dictionary<string, IReadOnlyList<LayerGradients>>();
        foreach (var row in sweep.Rows)
        {
            context.Interruption.Token.ThrowIfCancellationRequested();
            if (row.FirstOrDefault(cell => File.Exists(cell.Checkpoint) && CellNumbers.Read(cell) is not null) is { } cell)
                found[row.Key] = _engine.Gradients(cell.Settings, cell.Checkpoint);
        }
        return found;
    }
}
