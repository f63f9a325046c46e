namespace ReSTE.Native.Host;

/// <summary>A step by operation, for a reader.</summary>
internal sealed class StepTable(StepBreakdown breakdown, StepTimes times)
{
    private const int Width = 200;

    private static readonly (string Title, Func<StepRow, string> Cell)[] s_columns =
    [
        ("operation", Name),
        ("sizes", row => row.Sizes ?? ""),
        ("calls", row => Numbers.Text(row.Calls)),
        ("ms", row => Numbers.Fixed(row.Ms, 2)),
        ("of step", row => Percent(row.Share)),
        ("MB", row => Some(row.Bytes / 1e6, 1)),
        ("bits G", row => Some(row.Bits / 1e9, 2)),
        ("sign G", row => Some(row.Sign / 1e9, 2)),
        ("real G", row => Some(row.Real / 1e9, 3)),
        ("limit ms", row => Some(row.LimitMs, 2)),
        ("reached", row => row.LimitMs > 0 ? Percent(row.LimitShare) : ""),
        ("limited by", row => row.LimitedBy ?? ""),
    ];

    public void Show(TextWriter output)
    {
        ConsoleTable.Write(output, Width, s_columns.Select(column => (column.Title, false)),
            breakdown.Rows.Where(IsShown).Append(All()).Select(row => s_columns.Select(column => column.Cell(row))));
        // Without the sign of what rounds to nothing.
        var difference = Math.Round(breakdown.DifferencePercent, 1) + 0.0;
        output.WriteLine($"the rows add up to {Numbers.Fixed(breakdown.RowsMs, 2)} ms, the step takes " +
            $"{Numbers.Fixed(times.MsMedian, 2)} ms ({Numbers.Fixed(difference, 1)} %), its limit is " +
            $"{Numbers.Fixed(breakdown.LimitMs, 2)} ms: {Percent(breakdown.LimitShare)} of it reached");
        output.WriteLine($"limits of {Plural.Of(times.Threads, "thread")} in the same minute: " +
            string.Join(", ", breakdown.Limits.Select(Limit)));
        output.WriteLine($"{Plural.Of(times.ManagedBytes, "managed byte")} allocated in a steady step");
    }

    // What has nothing to do in its direction is left out, unless it took time.
    private static bool IsShown(StepRow row) => row.Direction is null || row.Bytes > 0 || row.Share >= 0.001;

    private StepRow All()
    {
        var rows = breakdown.Rows;
        return new("all", null, null, rows.Sum(row => row.Calls), breakdown.RowsMs, rows.Sum(row => row.MsMin), rows.Sum(row => row.Share),
            rows.Sum(row => row.Bytes), rows.Sum(row => row.Bits), rows.Sum(row => row.Sign), rows.Sum(row => row.Real),
            breakdown.LimitMs, breakdown.LimitMs / breakdown.RowsMs, null, []);
    }

    private static string Name(StepRow row) => row.Direction is { } direction
        ? $"{row.Operation} {direction}".ToLowerInvariant() : row.Operation.Replace('_', ' ');

    private static string Limit(MachineLimit limit) => $"{limit.Memory ?? limit.Work.Replace('_', ' ')} " +
        $"{Numbers.Fixed(limit.PerS / 1e9, 1)} {limit.Unit}";

    private static string Percent(double share) => Numbers.Fixed(share * 100, 1) + " %";

    private static string Some(double value, int digits) => value > 0 ? Numbers.Fixed(value, digits) : "";
}
