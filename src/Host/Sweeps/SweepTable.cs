namespace ReSTE.Native.Host;

/// <summary>A row of the table: all seeds of one combination.</summary>
internal sealed record SweepRow(string Name, IReadOnlyDictionary<string, string> Values, IReadOnlyList<CellNumbers> Runs, int Failed,
    string Note)
{
    public Spread? BestTop1 => Spread.Of(Runs.Select(run => (double?)run.BestTop1));

    public Spread? LastTop1 => Spread.Of(Runs.Select(run => (double?)run.LastTop1));

    public Spread? TrainLoss => Spread.Of(Runs.Select(run => (double?)run.TrainLoss));

    public Spread? EstimatingError => Spread.Of(Runs.Select(run => run.EstimatingError));

    public Spread? GradientStability => Spread.Of(Runs.Select(run => run.GradientStability));

    /// <summary>The row as a label: "ReSTE o_end=3".</summary>
    public string Label => Name.Replace("estimator=", "", StringComparison.Ordinal).Replace(',', ' ');

    public IReadOnlyList<(string Name, string Form, Spread? Value)> Numbers =>
    [
        ("best_top1", "F2", BestTop1), ("last_top1", "F2", LastTop1), ("train_loss", "F4", TrainLoss),
        ("estimating_error", "F1", EstimatingError), ("gradient_stability", "0.00E+0", GradientStability),
    ];
}

/// <summary>The outcome of a sweep: a row for each combination, whatever the seed, on the console and in sweep.csv.</summary>
internal sealed class SweepTable(Sweep sweep, IReadOnlyList<CellEnd> ends)
{
    public const string FileName = "sweep.csv";

    private const int Width = 200;

    public IReadOnlyList<SweepRow> Rows { get; } = [.. ends.GroupBy(end => end.Cell.Row).Select(Row)];

    public void Write() => TextFile.Replace(Path.Combine(sweep.Folder, FileName), Csv());

    public string Csv()
    {
        string[] numbers = [.. Rows[0].Numbers.SelectMany(number => (string[])[number.Name + "_mean", number.Name + "_std"])];
        string[] header = [.. sweep.Columns, "runs", "failed", .. numbers, "note"];
        return string.Join('\n', Rows.Select(Cells).Prepend(header).Select(cells => string.Join(',', cells.Select(Quoted)))) + "\n";
    }

    public void Show(TextWriter output)
    {
        string[] titles = [.. sweep.Columns, "runs", .. Rows[0].Numbers.Select(number => number.Name), "note"];
        ConsoleTable.Write(output, Width, titles.Select(title => (title, title == "note")), Rows.Select(Shown));
    }

    private IEnumerable<string> Shown(SweepRow row) =>
    [
        .. sweep.Columns.Select(column => row.Values.GetValueOrDefault(column, "")), Numbers.Text(row.Runs.Count),
        .. row.Numbers.Select(number => number.Value?.Text(number.Form) ?? ""), row.Note,
    ];

    private string[] Cells(SweepRow row) =>
    [
        .. sweep.Columns.Select(column => row.Values.GetValueOrDefault(column, "")), Numbers.Text(row.Runs.Count), Numbers.Text(row.Failed),
        .. row.Numbers.SelectMany(number => (string[])[Optional(number.Value?.Mean), Optional(number.Value?.Deviation)]), row.Note,
    ];

    private static SweepRow Row(IGrouping<string, CellEnd> row)
    {
        var failed = row.Where(end => end.State is CellState.Diverged or CellState.Failed).ToArray();
        return new(row.Key, row.First().Cell.Values.Where(pair => pair.Key != SweepCell.Seed).ToDictionary(),
            [.. row.Where(end => end.State == CellState.Done).Select(end => CellNumbers.Read(end.Cell)).OfType<CellNumbers>()],
            failed.Length, string.Join("; ", failed.Select(Note)));
    }

    private static string Note(CellEnd end)
    {
        var seed = end.Cell.Values.Where(pair => pair.Key == SweepCell.Seed).Select(pair => $"seed {pair.Value}: ").FirstOrDefault("");
        return seed + (end.State == CellState.Diverged ? "diverged, " : "") + end.Why;
    }

    private static string Optional(double? value) => value is { } number ? Numbers.Text(number) : "";

    private static string Quoted(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
